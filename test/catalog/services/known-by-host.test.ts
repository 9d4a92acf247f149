/** Services that are known by their hosts: models, tunnels, sites, registries and editors in the browser. */
import { describe, expect, it } from 'vitest'
import { classifyUrl } from '../classified.ts'

describe('services that are known by their hosts', () => {
  it.each([
    ['POST', 'api.openai.com/v1/chat/completions', 'ai-prompt', 'ai'],
    ['POST', 'api.anthropic.com/v1/messages', 'ai-prompt', 'ai'],
    ['POST', 'cloudcode-pa.googleapis.com/v1internal:generateContent', 'ai-prompt', 'ai'],
    ['POST', 'models.github.ai/inference/chat/completions', 'ai-prompt', 'ai'],
    ['GET', 'api.openai.com/v1/models', 'web-read', 'ai'],
    ['GET', 'chatgpt.com/?q=x', 'ai-prompt', 'ai'],
    ['GET', 'chatgpt.com/?hints=search&prompt=x', 'ai-prompt', 'ai'],
    ['GET', 'chatgpt.com/?%71=x', 'ai-prompt', 'ai'],
    ['GET', 'chatgpt.com/?model=x', 'web-read', 'ai'],
    ['GET', 'www.perplexity.ai/search?q=x', 'ai-prompt', 'ai'],
    ['HEAD', 'claude.ai/new?q=x', 'ai-prompt', 'ai'],
    ['GET', 'ollama.com/search?q=x', 'web-read', 'ai'],
    ['DELETE', 'api.openai.com/v1/files/x', 'unknown-write', 'ai'],
    ['GET', 'x.trycloudflare.com/', 'web-read', 'tunnel-service'],
    ['POST', 'x.loclx.io/', 'unknown-write', 'tunnel-service'],
    ['POST', 'acme.hf.space/run/predict', 'unknown-write', 'site-hosting'],
    ['POST', 'x.lambda-url.eu-west-1.on.aws/', 'unknown-write', 'site-hosting'],
    ['PUT', 'acme.jfrog.io/artifactory/local/a/b.bin', 'package-publish', 'package-registry'],
    ['GET', 'quay.io/v2/acme/widget/manifests/latest', 'web-read', 'package-registry'],
    ['POST', 'hub.docker.com/v2/users/login', 'sign-in', 'package-registry'],
    ['POST', 'hub.docker.com/v2/users/Login', 'unknown-write', 'package-registry'],
    ['POST', 'api.anaconda.org/package/acme/widget', 'package-publish', 'package-registry'],
  ])('%s %s is %s', (method, url, operation, category) => {
    const answer = classifyUrl(method, url)
    expect([answer.operation, answer.service?.category]).toEqual([operation, category])
  })

  it.each(['github.dev', 'x.app.github.dev', 'vscode.dev', 'x.gitpod.io', 'x.csb.app', 'x.idx.dev'])(
    'at %s nothing is known but a plain read',
    (host) => {
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND', 'get']) {
        const answer = classifyUrl(method, `${host}/acme/widget`)
        expect([method, answer.operation, answer.repository.state]).toEqual([method, 'unknown-write', 'never'])
      }
      const read = classifyUrl('GET', `${host}/acme/widget`)
      expect([read.operation, read.service?.category]).toEqual(['web-read', 'code-repository'])
      expect(classifyUrl('GET', `${host}/acme/widget`, { hasContent: true }).operation).toBe('unknown-write')
    },
  )

  it.each(['github.dev.acme.example', 'xgithub.dev', 'notopenai.com', 'xhf.space'])('%s is none of them', (host) => {
    expect(classifyUrl('POST', `${host}/`).service).toBeNull()
  })
})
