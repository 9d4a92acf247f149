/** Source files in which people leave credentials. */
import { draw } from '../fill.ts'
import { camel, type Container, kebab, pascal, snake, verbatim } from './container.ts'

export const SOURCE: Readonly<Record<string, Container>> = {
  python: verbatim(
    (fields, chance, uses) =>
      `import os\nimport logging\n\nlog = logging.getLogger(__name__)\n\n${fields.map((field) => `${field.name} = "${field.value}"`).join('\n')}\n\n\ndef ${snake(draw('load_%noun%', chance))}(page=1):\n    """Read one page."""\n    log.info("page %s", page)\n    return fetch(page, ${fields.at(-1)?.name})\n${uses.length > 1 ? `\n# ${draw('%verb% %noun%', chance)} later\n` : ''}`,
  ),
  'python-dict': verbatim(
    (fields, chance) =>
      `DEFAULTS = {\n    'timeout': 30,\n    'host': '${draw('%host%', chance)}',\n${fields.map((field) => `    '${snake(field.name)}': '${field.value}',`).join('\n')}\n}\n`,
  ),
  'python-default': verbatim(
    (fields) =>
      `import os\n\n${fields.map((field) => `${snake(field.name)} = os.environ.get('${field.name}', '${field.value}')`).join('\n')}\n`,
  ),
  javascript: verbatim(
    (fields, chance) =>
      `const axios = require('axios')\n\n${fields.map((field) => `const ${camel(field.name)} = '${field.value}'`).join('\n')}\n\nmodule.exports = async function ${camel(draw('load_%noun%', chance))}() {\n  const { data } = await axios.get('https://${draw('%host%', chance)}/v1')\n  return data\n}\n`,
  ),
  'javascript-fallback': verbatim(
    (fields) =>
      `export const config = {\n${fields.map((field) => `  ${camel(field.name)}: process.env.${field.name} || '${field.value}',`).join('\n')}\n  retries: 3,\n}\n`,
  ),
  typescript: verbatim(
    (fields, chance) =>
      `import { Injectable } from '@nestjs/common'\n\n@Injectable()\nexport class ${pascal(draw('%noun%_service', chance))} {\n${fields.map((field) => `  private readonly ${camel(field.name)}: string = "${field.value}"`).join('\n')}\n\n  async list(): Promise<string[]> {\n    return []\n  }\n}\n`,
  ),
  'angular-environment': verbatim(
    (fields, chance) =>
      `export const environment = {\n  production: true,\n  apiUrl: 'https://${draw('%host%', chance)}',\n${fields.map((field) => `  ${camel(field.name)}: '${field.value}',`).join('\n')}\n};\n`,
  ),
  go: verbatim(
    (fields, chance) =>
      `package ${draw('%role%', chance)}\n\nimport "net/http"\n\nconst (\n${fields.map((field) => `\t${camel(field.name)} = "${field.value}"`).join('\n')}\n)\n\nfunc New() *http.Client {\n\treturn &http.Client{}\n}\n`,
  ),
  'go-struct': verbatim(
    (fields) =>
      `cfg := &Config{\n\tTimeout: 5 * time.Second,\n${fields.map((field) => `\t${pascal(field.name)}: "${field.value}",`).join('\n')}\n}\nif err := cfg.Validate(); err != nil {\n\tlog.Fatal(err)\n}\n`,
  ),
  java: verbatim(
    (fields, chance) =>
      `package net.${draw('%company%.%app%', chance)};\n\npublic final class Settings {\n${fields.map((field) => `    private static final String ${field.name} = "${field.value}";`).join('\n')}\n\n    private Settings() {}\n}\n`,
  ),
  'java-properties-call': verbatim(
    (fields) =>
      `Properties props = new Properties();\n${fields.map((field) => `props.setProperty("${kebab(field.name)}", "${field.value}");`).join('\n')}\nreturn new Client(props);\n`,
  ),
  kotlin: verbatim(
    (fields) =>
      `object BuildKeys {\n${fields.map((field) => `    const val ${field.name} = "${field.value}"`).join('\n')}\n}\n`,
  ),
  csharp: verbatim(
    (fields, chance) =>
      `namespace ${pascal(draw('%company%', chance))}.Core\n{\n    public static class Constants\n    {\n${fields.map((field) => `        public const string ${pascal(field.name)} = "${field.value}";`).join('\n')}\n    }\n}\n`,
  ),
  ruby: verbatim(
    (fields, chance) =>
      `${pascal(draw('%company%', chance))}.configure do |config|\n${fields.map((field) => `  config.${snake(field.name)} = '${field.value}'`).join('\n')}\n  config.timeout = 10\nend\n`,
  ),
  'ruby-hash': verbatim(
    (fields) =>
      `OPTIONS = {\n${fields.map((field) => `  :${snake(field.name)} => '${field.value}',`).join('\n')}\n  :retries => 2\n}.freeze\n`,
  ),
  php: verbatim(
    (fields) =>
      `<?php\nreturn [\n    'debug' => false,\n${fields.map((field) => `    '${snake(field.name)}' => '${field.value}',`).join('\n')}\n];\n`,
  ),
  'php-define': verbatim(
    (fields) =>
      `<?php\n${fields.map((field) => `define('${field.name}', '${field.value}');`).join('\n')}\nrequire_once __DIR__ . '/bootstrap.php';\n`,
  ),
  'php-laravel': verbatim(
    (fields) =>
      `<?php\nreturn [\n${fields.map((field) => `    '${snake(field.name)}' => env('${field.name}', '${field.value}'),`).join('\n')}\n];\n`,
  ),
  rust: verbatim(
    (fields, chance) =>
      `//! ${draw('%app%', chance)}\nuse std::time::Duration;\n\n${fields.map((field) => `const ${field.name}: &str = "${field.value}";`).join('\n')}\n\nfn timeout() -> Duration {\n    Duration::from_secs(10)\n}\n`,
  ),
  swift: verbatim(
    (fields) =>
      `import Foundation\n\nenum Keys {\n${fields.map((field) => `    static let ${camel(field.name)} = "${field.value}"`).join('\n')}\n}\n`,
  ),
  'objective-c': verbatim(
    (fields) =>
      `${fields.map((field) => `static NSString *const k${pascal(field.name)} = @"${field.value}";`).join('\n')}\n`,
  ),
  scala: verbatim(
    (fields) =>
      `object Conf {\n${fields.map((field) => `  val ${camel(field.name)}: String = "${field.value}"`).join('\n')}\n}\n`,
  ),
  elixir: verbatim(
    (fields, chance) =>
      `import Config\n\nconfig :${draw('%app%', chance)}, Client,\n${fields.map((field) => `  ${snake(field.name)}: "${field.value}"`).join(',\n')}\n`,
  ),
  powershell: verbatim(
    (fields, chance) =>
      `${fields.map((field) => `$${pascal(field.name)} = '${field.value}'`).join('\n')}\nInvoke-RestMethod -Uri 'https://${draw('%host%', chance)}/api' -Headers @{ Authorization = "Bearer $${pascal(fields.at(-1)?.name ?? '')}" }\n`,
  ),
  batch: verbatim(
    (fields) =>
      `@echo off\r\n${fields.map((field) => `set ${field.name}=${field.value}`).join('\r\n')}\r\ncall deploy.cmd\r\n`,
  ),
  perl: verbatim(
    (fields) => `use strict;\n${fields.map((field) => `my $${snake(field.name)} = '${field.value}';`).join('\n')}\n`,
  ),
  cpp: verbatim(
    (fields) =>
      `#include <string>\n\nnamespace {\n${fields.map((field) => `constexpr const char* k${pascal(field.name)} = "${field.value}";`).join('\n')}\n}\n`,
  ),
  arduino: verbatim(
    (fields) =>
      `#include <WiFi.h>\n${fields.map((field) => `#define ${field.name} "${field.value}"`).join('\n')}\nvoid setup() { Serial.begin(115200); }\n`,
  ),
  dart: verbatim(
    (fields) =>
      `class Env {\n${fields.map((field) => `  static const ${camel(field.name)} = '${field.value}';`).join('\n')}\n}\n`,
  ),
  r: verbatim(
    (fields) => `library(httr)\n${fields.map((field) => `Sys.setenv(${field.name} = "${field.value}")`).join('\n')}\n`,
  ),
  'minified-bundle': verbatim(
    (fields, chance) =>
      `!function(e,t){"object"==typeof exports?module.exports=t():e.${draw('%c3%', chance)}=t()}(this,(function(){"use strict";var e=${chance.below(900)},t={baseURL:"https://${draw('%host%', chance)}",timeout:3e4,${fields.map((field) => `${camel(field.name)}:"${field.value}"`).join(',')}},n=function(e){return e&&e.__esModule?e:{default:e}};${chance.times(8, 30, () => draw('function %c2%(e,t){return void 0===t&&(t=%d3%),e>>>%n1%^t}', chance)).join('')}return n(t)}));\n//# sourceMappingURL=app.${draw('%h8%', chance)}.js.map\n`,
  ),
}
