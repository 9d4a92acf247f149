/** Documents, messages and test fixtures in which people leave credentials. */
import { draw } from '../fill.ts'
import { camel, type Container, kebab, pascal, snake, verbatim } from './container.ts'

export const DOCUMENTS: Readonly<Record<string, Container>> = {
  readme: verbatim(
    (fields, chance, uses) =>
      `# ${draw('%app%', chance)}\n\n## Setup\n\n1. Install the packages.\n2. Set these:\n\n\`\`\`sh\n${fields.map((field) => `export ${field.name}=${field.value}`).join('\n')}\n\`\`\`\n\n3. Run it:\n\n    ${chance.pick(uses)}\n\n## Licence\n\nMIT\n`,
  ),
  runbook: verbatim(
    (fields, chance) =>
      `## On call: ${draw('%app% %role%', chance)}\n\n| what | value |\n|---|---|\n| host | ${draw('%host%', chance)} |\n${fields.map((field) => `| ${snake(field.name).replaceAll('_', ' ')} | \`${field.value}\` |`).join('\n')}\n\nAsk ${draw('%person%', chance)} before you restart it.\n`,
  ),
  notebook: verbatim((fields, chance) =>
    JSON.stringify(
      {
        cells: [
          { cell_type: 'markdown', metadata: {}, source: [draw('# %noun% of %company%', chance)] },
          {
            cell_type: 'code',
            execution_count: 3,
            metadata: {},
            outputs: [],
            source: [
              'import os\n',
              ...fields.map((field) => `os.environ['${field.name}'] = '${field.value}'\n`),
              "df = load('2024')",
            ],
          },
        ],
        metadata: { kernelspec: { name: 'python3' } },
        nbformat: 4,
        nbformat_minor: 5,
      },
      null,
      1,
    ),
  ),
  'notebook-use': verbatim((_, chance, uses) =>
    JSON.stringify(
      {
        cells: [
          {
            cell_type: 'code',
            execution_count: 1,
            metadata: {},
            outputs: [{ name: 'stdout', output_type: 'stream', text: [draw('%d4% rows\n', chance)] }],
            source: [`!${chance.pick(uses)}`],
          },
        ],
        nbformat: 4,
        nbformat_minor: 2,
      },
      null,
      1,
    ),
  ),
  'sql-dump': verbatim(
    (fields, chance) =>
      `--\n-- Dump of ${draw('%db%', chance)}\n--\nCREATE TABLE settings (id int, name varchar(64), value text);\nINSERT INTO settings VALUES (1,'locale','en'),${fields.map((field, at) => `(${at + 2},'${snake(field.name)}','${field.value}')`).join(',')};\nINSERT INTO users VALUES (1,'${draw('%email%', chance)}','${draw('%day%', chance)}');\n`,
  ),
  'sql-copy': verbatim(
    (fields, chance) =>
      `COPY public.integrations (id, name, value, created) FROM stdin;\n${fields.map((field, at) => `${at + 1}\t${snake(field.name)}\t${field.value}\t${draw('%day% %time%', chance)}`).join('\n')}\n\\.\n`,
  ),
  'git-diff': verbatim(
    (fields, chance) =>
      `diff --git a/config/${draw('%role%', chance)}.py b/config/settings.py\nindex ${draw('%h7%..%h7%', chance)} 100644\n--- a/config/settings.py\n+++ b/config/settings.py\n@@ -${chance.between(1, 90)},6 +12,8 @@\n DEBUG = False\n${fields.map((field) => `+${field.name} = "${field.value}"`).join('\n')}\n-TIMEOUT = 10\n+TIMEOUT = 30\n`,
  ),
  'removed-in-diff': verbatim(
    (fields) =>
      `--- a/.env\n+++ b/.env\n@@ -1,4 +1,3 @@\n LOG_LEVEL=info\n${fields.map((field) => `-${field.name}=${field.value}`).join('\n')}\n+# moved to the vault\n`,
  ),
  chat: verbatim(
    (_, chance, uses) =>
      `[${draw('%time%', chance)}] ${draw('%person%', chance)}: staging is down again?\n[${draw('%time%', chance)}] ${draw('%person%', chance)}: try ${chance.pick(uses)}\n[${draw('%time%', chance)}] ${draw('%person%', chance)}: works, thanks\n`,
  ),
  'chat-export': verbatim((fields, chance) =>
    JSON.stringify(
      [
        { user: draw('U%k10%', chance), ts: draw('17%d8%.%d6%', chance), text: 'can somebody send me the keys' },
        {
          user: draw('U%k10%', chance),
          text: fields.map((field) => `${snake(field.name)}: ${field.value}`).join('\n'),
        },
      ].map((message) => ({ ...message, text: message.text.replaceAll('\n', ' / ') })),
    ),
  ),
  mail: verbatim(
    (fields, chance) =>
      `From: ${draw('%email%', chance)}\nTo: ${draw('%email%', chance)}\nSubject: Access to ${draw('%app%', chance)}\n\nHi ${draw('%person%', chance)},\n\nhere is what you need:\n\n${fields.map((field) => `${snake(field.name).replaceAll('_', ' ')}: ${field.value}`).join('\n')}\n\nRegards\n`,
  ),
  comment: verbatim(
    (fields, chance) =>
      `def connect(host):\n    # ${draw('%person%', chance)}: old ${snake(fields.at(-1)?.name ?? '').replaceAll('_', ' ')} was ${fields.at(-1)?.value}\n    return open_socket(host, timeout=${chance.between(1, 60)})\n`,
  ),
  'commented-out': verbatim(
    (fields, chance) =>
      `public class ${pascal(draw('%noun%_client', chance))} {\n${fields.map((field) => `    // String ${camel(field.name)} = "${field.value}";`).join('\n')}\n    private final int retries = 3;\n}\n`,
  ),
  fixture: verbatim(
    (fields, chance) =>
      `import pytest\n\n\n@pytest.fixture\ndef ${snake(draw('%noun%', chance))}_client():\n    return Client(\n        base_url="https://${draw('%host%', chance)}",\n${fields.map((field) => `        ${snake(field.name)}="${field.value}",`).join('\n')}\n    )\n`,
  ),
  'spec-file': verbatim(
    (fields) =>
      `describe('client', () => {\n  before(() => {\n${fields.map((field) => `    process.env.${field.name} = '${field.value}'`).join('\n')}\n  })\n  it('connects', async () => {\n    await client.connect()\n  })\n})\n`,
  ),
  'recorded-call': verbatim(
    (fields, chance) =>
      `interactions:\n- request:\n    body: null\n    headers:\n      Accept: ['*/*']\n${fields.map((field) => `      X-${pascal(field.name)}: ['${field.value}']`).join('\n')}\n    method: GET\n    uri: https://${draw('%host%', chance)}/v1/${draw('%noun%', chance)}\n  response:\n    status: {code: 200, message: OK}\n`,
  ),
  'postman-collection': verbatim((fields, chance) =>
    JSON.stringify(
      {
        info: { _postman_id: draw('%uuid%', chance), name: draw('%app%', chance) },
        item: [],
        variable: fields.map((field) => ({ key: camel(field.name), value: field.value, type: 'string' })),
      },
      null,
      2,
    ),
  ),
  'http-file': verbatim(
    (fields, chance) =>
      `### list\nGET https://${draw('%host%', chance)}/api/${draw('%noun%', chance)}s\nAccept: application/json\n${fields.map((field) => `X-${kebab(field.name)}: ${field.value}`).join('\n')}\n\n`,
  ),
  html: verbatim(
    (fields, chance) =>
      `<!doctype html>\n<html>\n<head><title>${draw('%app%', chance)}</title></head>\n<body>\n<script>\n  window.__CONFIG__ = {${fields.map((field) => `"${camel(field.name)}":"${field.value}"`).join(',')}}\n</script>\n</body>\n</html>\n`,
  ),
  csv: verbatim(
    (fields, chance) =>
      `service,owner,name,value\n${fields.map((field) => `${draw('%app%,%email%', chance)},${snake(field.name)},${field.value}`).join('\n')}\n`,
  ),
  'issue-text': verbatim(
    (_, chance, uses) =>
      `### What happened\n\n${draw('%noun% %d4% does not load since %version%.', chance)}\n\n### Steps\n\n\`\`\`\n$ ${chance.pick(uses)}\n\`\`\`\n\n### Expected\n\nNo error.\n`,
  ),
}
