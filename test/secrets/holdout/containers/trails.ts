/** What machines and shells leave behind: histories, scripts, logs, traces, dumps. */
import type { Chance } from '../chance.ts'
import { draw } from '../fill.ts'
import { among, type Container, PLAIN_SETTINGS, snake, verbatim } from './container.ts'

const ORDINARY = [
  'cd %app%',
  'git status',
  'git pull --rebase',
  'ls -la',
  'npm test',
  'docker ps',
  'kubectl get pods -n %company%',
  'vim README.md',
  'make %verb%',
  'ssh %person%@%host%',
  'tail -f /var/log/%app%.log',
  'git commit -m "%verb% %noun%"',
  'grep -rn %noun% src',
  'history | less',
]

const typed = (chance: Chance, least: number, most: number): readonly string[] =>
  chance.times(least, most, () => draw(chance.pick(ORDINARY), chance))

const logged = (chance: Chance): string =>
  draw(
    chance.pick([
      '%day% %time% INFO  [main] %noun% %d6% done in %d3% ms',
      '%day%T%time%Z level=debug msg="%verb% %noun%" id=%uuid%',
      '[%day% %time%] %role%.DEBUG: %noun% %d4% loaded',
    ]),
    chance,
  )

export const TRAILS: Readonly<Record<string, Container>> = {
  'bash-history': verbatim((_, chance, uses) =>
    [...typed(chance, 3, 9), chance.pick(uses), ...typed(chance, 2, 6)].join('\n'),
  ),
  'zsh-history': verbatim((_, chance, uses) =>
    [...typed(chance, 2, 6), chance.pick(uses), ...typed(chance, 2, 5)]
      .map((line, at) => `: ${1_700_000_000 + at * 37}:0;${line}`)
      .join('\n'),
  ),
  'export-history': verbatim((fields, chance) =>
    [
      ...typed(chance, 2, 5),
      ...fields.map((field) => `export ${field.name}=${field.value}`),
      ...typed(chance, 1, 4),
    ].join('\n'),
  ),
  console: verbatim(
    (_, chance, uses) =>
      `${draw('%person%@%app%', chance)}:~$ ${chance.pick(uses)}\n${draw('{"ok":true,"id":"%uuid%"}', chance)}\n${draw('%person%@%app%', chance)}:~$ exit\n`,
  ),
  'shell-script': verbatim(
    (fields, chance, uses) =>
      `#!/usr/bin/env bash\nset -euo pipefail\n\n${fields.map((field) => `${field.name}="${field.value}"`).join('\n')}\n\n${chance.once(2) ? `# ${chance.pick(uses)}\n` : ''}./bin/${draw('%verb%', chance)} --region ${draw('%region%', chance)}\n`,
  ),
  'set-x-trace': verbatim(
    (fields, chance) =>
      `+ cd ${draw('/srv/%app%', chance)}\n${fields.map((field) => `+ export ${field.name}=${field.value}`).join('\n')}\n+ npm run build\nadded 412 packages in 9s\n`,
  ),
  'env-dump': verbatim(
    (fields, chance) =>
      `SHELL=/bin/bash\nPWD=${draw('%home%/%app%', chance)}\nLANG=C.UTF-8\n${among(fields, chance)
        .map(([name, value]) => `${name}=${value}`)
        .join('\n')}\nSHLVL=1\n_=/usr/bin/env\n`,
  ),
  'ci-log': verbatim(
    (fields, chance) =>
      `${draw('%day%T%time%.%d7%Z', chance)} ##[group]Run make deploy\n${draw('%day%T%time%.%d7%Z', chance)} env:\n${fields.map((field) => `${draw('%day%T%time%.%d7%Z', chance)}   ${field.name}: ${field.value}`).join('\n')}\n${draw('%day%T%time%.%d7%Z', chance)} ##[endgroup]\n`,
  ),
  'application-log': verbatim((fields, chance) =>
    [
      ...chance.times(2, 6, () => logged(chance)),
      `${draw('%day% %time%', chance)} WARN  [config] using ${fields.map((field) => `${snake(field.name)}=${field.value}`).join(' ')}`,
      ...chance.times(2, 6, () => logged(chance)),
    ].join('\n'),
  ),
  'json-log': verbatim((fields, chance) =>
    [
      draw('{"level":30,"time":17%d11%,"msg":"start"}', chance),
      JSON.stringify({
        level: 20,
        msg: 'config loaded',
        config: Object.fromEntries(fields.map((field) => [snake(field.name), field.value])),
      }),
      draw('{"level":30,"msg":"listening","port":8080}', chance),
    ].join('\n'),
  ),
  'stack-trace-python': verbatim(
    (fields, chance) =>
      `Traceback (most recent call last):\n  File "/srv/${draw('%app%/%role%', chance)}.py", line ${chance.between(9, 300)}, in connect\n    client = Client(${fields.map((field) => `${snake(field.name)}='${field.value}'`).join(', ')})\nConnectionError: timed out after 10 s\n`,
  ),
  'stack-trace-java': verbatim(
    (fields, chance) =>
      `java.lang.IllegalStateException: cannot start with {${fields.map((field) => `${snake(field.name)}=${field.value}`).join(', ')}}\n\tat net.${draw('%company%.%app%', chance)}.Main.start(Main.java:${chance.between(20, 300)})\n\tat java.base/java.lang.Thread.run(Thread.java:1583)\n`,
  ),
  'crash-dump': verbatim((fields) =>
    JSON.stringify({
      error: 'ECONNREFUSED',
      argv: ['node', 'server.js'],
      env: Object.fromEntries([
        ...PLAIN_SETTINGS.slice(0, 4),
        ...fields.map((field) => [field.name, field.value] as const),
      ]),
    }),
  ),
  'kubectl-describe': verbatim(
    (fields, chance) =>
      `Name:         ${draw('%app%-%l9%-%l5%', chance)}\nNamespace:    ${draw('%company%', chance)}\nContainers:\n  app:\n    Environment:\n${fields.map((field) => `      ${field.name}:  ${field.value}`).join('\n')}\n    Mounts:  <none>\n`,
  ),
  'process-list': verbatim(
    (fields, chance) =>
      `  PID TTY          TIME CMD\n${chance.between(100, 9999)} ?        00:00:01 /usr/sbin/cron\n${chance.between(100, 9999)} ?        00:02:11 ${draw('%app%', chance)} ${fields.map((field) => `--${snake(field.name).replaceAll('_', '-')}=${field.value}`).join(' ')}\n`,
  ),
}
