/** What stands around a credential: the files that people keep them in, one function for each. */
import type { Random } from './random.ts'

export interface Surrounding {
  readonly id: string
  /** With a name beside the value, so that a value without a shape of its own may stand here. */
  readonly isNamed: boolean
  render(name: string, value: string, random: Random): string
}

function camel(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

function pascal(name: string): string {
  const text = camel(name)
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}

function kebab(name: string): string {
  return name.replaceAll('_', '-')
}

function dotted(name: string): string {
  return name.replaceAll('_', '.')
}

const NAMED: readonly Omit<Surrounding, 'isNamed'>[] = [
  {
    id: '.env',
    render: (name, value) => `NODE_ENV=production\nPORT=8080\n${name.toUpperCase()}=${value}\nLOG_LEVEL=info\n`,
  },
  {
    id: '.env quoted',
    render: (name, value) => `# staging\nREGION="eu-central-1"\n${name.toUpperCase()}="${value}"\n`,
  },
  {
    id: 'export',
    render: (name, value) => `#!/bin/sh\nset -eu\nexport ${name.toUpperCase()}='${value}'\n./deploy.sh --wait\n`,
  },
  {
    id: 'yaml',
    render: (name, value) =>
      `service:\n  name: orders\n  replicas: 3\n  ${name}: ${value.includes(':') || /^[!&*%@#?-]/.test(value) ? `"${value}"` : value}\n  timeout: 30s\n`,
  },
  {
    id: 'yaml quoted',
    render: (name, value) => `auth:\n  ${camel(name)}: "${value}"\n  issuer: https://id.acme.example\n`,
  },
  {
    id: 'compose',
    render: (name, value) =>
      `services:\n  api:\n    image: acme/api:4.2\n    environment:\n      - ${name.toUpperCase()}=${value}\n      - TZ=UTC\n`,
  },
  {
    id: 'json',
    render: (name, value) =>
      `${JSON.stringify({ host: 'api.acme.example', [camel(name)]: value, retries: 3 }, null, 2)}\n`,
  },
  { id: 'json one line', render: (name, value) => JSON.stringify({ id: 7, [name]: value, active: true }) },
  {
    id: 'ini',
    render: (name, value) => `[remote]\nurl = https://api.acme.example\n${name} = ${value}\nverify = true\n`,
  },
  { id: 'properties', render: (name, value) => `server.port=8443\nacme.${dotted(name)}=${value}\nacme.retries=4\n` },
  { id: 'toml', render: (name, value) => `[deploy]\nregion = "eu-west-1"\n${name} = "${value}"\nworkers = 4\n` },
  {
    id: 'javascript',
    render: (name, value) =>
      `import { Client } from './client.js'\n\nconst ${camel(name)} = '${value}'\nexport const client = new Client({ ${camel(name)} })\n`,
  },
  {
    id: 'javascript object',
    render: (name, value) =>
      `module.exports = {\n  region: 'eu-west-1',\n  ${camel(name)}: "${value}",\n  debug: false,\n}\n`,
  },
  {
    id: 'typescript',
    render: (name, value) =>
      `export class Settings {\n  private readonly ${camel(name)}: string = '${value}'\n  readonly retries = 3\n}\n`,
  },
  {
    id: 'python',
    render: (name, value) =>
      `import requests\n\n${name.toUpperCase()} = "${value}"\n\ndef call(path):\n    return requests.get(BASE + path, timeout=10)\n`,
  },
  {
    id: 'python call',
    render: (name, value) => `client = Client(host="api.acme.example", ${name}="${value}", timeout=5)\n`,
  },
  { id: 'python dictionary', render: (name, value) => `os.environ["${name.toUpperCase()}"] = "${value}"\n` },
  {
    id: 'go',
    render: (name, value) =>
      `package main\n\nconst ${camel(name)} = "${value}"\n\nfunc main() {\n\trun(${camel(name)})\n}\n`,
  },
  {
    id: 'go short',
    render: (name, value) => `\tcfg := config.New()\n\t${camel(name)} := "${value}"\n\tcfg.Use(${camel(name)})\n`,
  },
  {
    id: 'java',
    render: (name, value) =>
      `public class Config {\n    private static final String ${name.toUpperCase()} = "${value}";\n    private int retries = 3;\n}\n`,
  },
  { id: 'kotlin', render: (name, value) => `object Config {\n    const val ${name.toUpperCase()} = "${value}"\n}\n` },
  {
    id: 'csharp',
    render: (name, value) =>
      `public static class Config\n{\n    public const string ${pascal(name)} = "${value}";\n}\n`,
  },
  {
    id: 'ruby',
    render: (name, value) => `Acme.configure do |config|\n  config.${name} = '${value}'\n  config.timeout = 5\nend\n`,
  },
  { id: 'ruby hash', render: (name, value) => `client = Acme.new(host: 'api', :${name} => '${value}')\n` },
  {
    id: 'php',
    render: (name, value) => `<?php\nreturn [\n    'driver' => 'http',\n    '${name}' => '${value}',\n];\n`,
  },
  {
    id: 'php define',
    render: (name, value) => `<?php\ndefine('${name.toUpperCase()}', '${value}');\ndefine('WP_DEBUG', false);\n`,
  },
  { id: 'rust', render: (name, value) => `const ${name.toUpperCase()}: &str = "${value}";\n\nfn main() { run(); }\n` },
  {
    id: 'terraform',
    render: (name, value) =>
      `variable "${name}" {\n  type    = string\n}\n\nprovider "acme" {\n  ${name} = "${value}"\n}\n`,
  },
  {
    id: 'dockerfile',
    render: (name, value) => `FROM node:24-slim\nENV ${name.toUpperCase()}=${value}\nCMD ["node", "main.js"]\n`,
  },
  {
    id: 'xml attribute',
    render: (name, value) => `<configuration>\n  <add key="${pascal(name)}" value="${value}" />\n</configuration>\n`,
  },
  {
    id: 'xml element',
    render: (name, value) => `<settings>\n  <${camel(name)}>${value}</${camel(name)}>\n</settings>\n`,
  },
  {
    id: 'command line',
    render: (name, value) =>
      ` 1021  cd app\n 1022  acme deploy --region eu --${kebab(name)} ${value} --wait\n 1023  git status\n`,
  },
  { id: 'command line equals', render: (name, value) => `$ acme login --${kebab(name)}=${value}\nlogged in\n` },
  {
    id: 'query',
    render: (name, value) =>
      `GET https://api.acme.example/v1/items?page=2&${name}=${encodeURIComponent(value)}&sort=asc HTTP/1.1\n`,
  },
  {
    id: 'log',
    render: (name, value) =>
      `2026-11-03T10:14:22.123Z INFO  boot config ${name}=${value} region=eu\n2026-11-03T10:14:22.201Z INFO  listening on 8080\n`,
  },
  {
    id: 'markdown',
    render: (name, value) =>
      `## Set-up\n\nPut this into your environment:\n\n\`\`\`sh\nexport ${name.toUpperCase()}=${value}\n\`\`\`\n\nThen run \`make\`.\n`,
  },
  {
    id: 'notebook',
    render: (name, value) =>
      JSON.stringify({
        cells: [
          { cell_type: 'code', metadata: {}, outputs: [], source: ['import os\n', `${name} = "${value}"\n`, 'run()'] },
        ],
        nbformat: 4,
      }),
  },
  {
    id: 'minified',
    render: (name, value) =>
      `!function(e,t){"use strict";var n=t(3),r={region:"eu",${camel(name)}:"${value}",retries:3};n.init(r),e.exports=r}(module,require);`,
  },
  {
    id: 'diff',
    render: (name, value) =>
      `--- a/config.yml\n+++ b/config.yml\n@@ -3,2 +3,3 @@\n   region: eu\n+  ${name}: "${value}"\n   retries: 3\n`,
  },
  {
    id: 'github actions',
    render: (name, value) =>
      `jobs:\n  deploy:\n    runs-on: ubuntu-latest\n    env:\n      ${name.toUpperCase()}: ${value.includes(':') || /^[!&*%@#?-]/.test(value) ? `'${value}'` : value}\n    steps:\n      - run: make deploy\n`,
  },
  {
    id: 'header',
    render: (name, value) =>
      `fetch(url, { headers: { 'X-${kebab(pascal(name))}': '${value}', Accept: 'application/json' } })\n`,
  },
]

const BARE: readonly Omit<Surrounding, 'isNamed'>[] = [
  { id: 'chat', render: (_, value) => `ada: can you try with this one?\ngrace: ${value}\nada: works, thanks\n` },
  { id: 'comment', render: (_, value) => `function login() {\n  // old one: ${value}\n  return session()\n}\n` },
  { id: 'array', render: (_, value) => `const pool = ['${value}']\n` },
  { id: 'csv', render: (_, value) => `id,owner,value,active\n1,ada,${value},true\n` },
  { id: 'argument', render: (_, value) => `client.connect("${value}");\n` },
  { id: 'log line', render: (_, value) => `[warn] request failed with ${value}: 403\n` },
]

/** Around lines that are a credential as they are. */
export const BLOCK_SURROUNDINGS: readonly { readonly id: string; render(block: string): string }[] = [
  { id: 'file', render: (block) => `${block}\n` },
  { id: 'end of file', render: (block) => block },
  { id: 'comment above', render: (block) => `# kept by ops, ask before you change it\n${block}\n` },
  { id: 'markdown fence', render: (block) => `To restore it:\n\n\`\`\`\n${block}\n\`\`\`\n\nDone.\n` },
  { id: 'windows lines', render: (block) => `first line\r\n${block.replaceAll('\n', '\r\n')}\r\nlast line\r\n` },
  { id: 'heredoc', render: (block) => `cat > out <<'END'\n${block}\nEND\nchmod 600 out\n` },
]

export const SURROUNDINGS: readonly Surrounding[] = [
  ...NAMED.map((surrounding) => ({ ...surrounding, isNamed: true })),
  ...BARE.map((surrounding) => ({ ...surrounding, isNamed: false })),
]
