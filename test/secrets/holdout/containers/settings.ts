/** Settings files in which people leave credentials. */
import { draw } from '../fill.ts'
import { among, camel, type Container, dotted, kebab, pascal, snake, verbatim } from './container.ts'

export const SETTINGS: Readonly<Record<string, Container>> = {
  dotenv: verbatim(
    (fields, chance) =>
      `# ${draw('%app% %role%', chance)}\n${among(fields, chance)
        .map(([name, value]) => `${name}=${value}`)
        .join('\n')}\n`,
  ),
  'dotenv-quoted': verbatim((fields, chance) =>
    among(fields, chance)
      .map(([name, value]) => `${name}="${value}"`)
      .join('\n'),
  ),
  'dotenv-spaced': verbatim((fields, chance) =>
    among(fields, chance)
      .map(([name, value]) => `export ${name}='${value}'`)
      .join('\n'),
  ),
  ini: verbatim(
    (fields, chance) =>
      `[${draw('%role%', chance)}]\n${among(fields, chance)
        .map(([name, value]) => `${snake(name)} = ${value}`)
        .join('\n')}\n\n[paths]\ndata = /var/lib/${draw('%app%', chance)}\n`,
  ),
  'spring-properties': verbatim(
    (fields, chance) =>
      `spring.application.name=${draw('%app%', chance)}\nserver.port=8443\n${among(fields, chance)
        .map(([name, value]) => `app.${dotted(name)}=${value}`)
        .join('\n')}\n`,
  ),
  'spring-yaml': verbatim(
    (fields, chance) =>
      `spring:\n  application:\n    name: ${draw('%app%', chance)}\napp:\n${among(fields, chance)
        .map(([name, value]) => `  ${kebab(name)}: "${value}"`)
        .join('\n')}\n`,
  ),
  toml: verbatim(
    (fields, chance) =>
      `title = "${draw('%app%', chance)}"\n\n[service.${draw('%role%', chance)}]\n${among(fields, chance)
        .map(([name, value]) => `${snake(name)} = "${value}"`)
        .join('\n')}\n`,
  ),
  yaml: verbatim(
    (fields, chance) =>
      `${draw('%role%', chance)}:\n  enabled: true\n${among(fields, chance)
        .map(([name, value]) => `  ${snake(name)}: '${value}'`)
        .join('\n')}\n`,
  ),
  json: verbatim((fields, chance) =>
    JSON.stringify(
      {
        name: draw('%app%', chance),
        version: draw('%version%', chance),
        settings: Object.fromEntries(among(fields, chance).map(([name, value]) => [camel(name), value])),
      },
      null,
      2,
    ),
  ),
  appsettings: verbatim((fields, chance) =>
    JSON.stringify(
      {
        Logging: { LogLevel: { Default: 'Information' } },
        AllowedHosts: '*',
        [pascal(draw('%app%', chance))]: Object.fromEntries(
          among(fields, chance).map(([name, value]) => [pascal(name), value]),
        ),
      },
      null,
      2,
    ),
  ),
  'web-config': verbatim(
    (fields, chance) =>
      `<?xml version="1.0"?>\n<configuration>\n  <appSettings>\n${among(fields, chance)
        .map(([name, value]) => `    <add key="${pascal(name)}" value="${value}" />`)
        .join('\n')}\n  </appSettings>\n</configuration>\n`,
  ),
  'xml-elements': verbatim(
    (fields, chance) =>
      `<settings>\n${among(fields, chance)
        .map(([name, value]) => `  <${camel(name)}>${value}</${camel(name)}>`)
        .join('\n')}\n</settings>\n`,
  ),
  plist: verbatim(
    (fields, chance) =>
      `<plist version="1.0"><dict>\n${among(fields, chance)
        .map(([name, value]) => `\t<key>${pascal(name)}</key>\n\t<string>${value}</string>`)
        .join('\n')}\n</dict></plist>\n`,
  ),
  'android-strings': verbatim(
    (fields, chance) =>
      `<resources>\n    <string name="app_name">${draw('%app%', chance)}</string>\n${fields.map((field) => `    <string name="${snake(field.name)}" translatable="false">${field.value}</string>`).join('\n')}\n</resources>\n`,
  ),
  'gradle-properties': verbatim(
    (fields, chance) =>
      `org.gradle.jvmargs=-Xmx2g\nandroid.useAndroidX=true\n${fields.map((field) => `${camel(field.name)}=${field.value}`).join('\n')}\nkotlin.code.style=${draw('official', chance)}\n`,
  ),
  'vscode-settings': verbatim(
    (fields) =>
      `{\n  "editor.tabSize": 2,\n  "rest-client.environmentVariables": {\n    "prod": {\n${fields.map((field) => `      "${camel(field.name)}": "${field.value}"`).join(',\n')}\n    }\n  }\n}\n`,
  ),
  'nginx-conf': verbatim(
    (fields, chance) =>
      `server {\n  listen 443 ssl;\n  server_name ${draw('%host%', chance)};\n  location /api/ {\n${fields.map((field) => `    proxy_set_header X-${kebab(field.name)} "${field.value}";`).join('\n')}\n    proxy_pass http://backend;\n  }\n}\n`,
  ),
  'mcp-config': verbatim((fields, chance) =>
    JSON.stringify(
      {
        mcpServers: {
          [draw('%app%', chance)]: {
            command: 'npx',
            args: ['-y', draw('@%company%/%app%-mcp', chance)],
            env: Object.fromEntries(fields.map((field) => [field.name, field.value])),
          },
        },
      },
      null,
      2,
    ),
  ),
}
