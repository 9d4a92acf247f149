/** The result of a run, for people and for programs: what ran where, and each measure. */
import { cpus } from 'node:os'
import { ticksPerSecond } from './process-times.ts'
import type { Result } from './run.ts'
import type { SquidInstallation } from './squid.ts'
import { type Round, summarize } from './statistics.ts'
import { formatRate, type Row, ratioOf, renderTable } from './table.ts'
import { weirVersion } from './weir.ts'

export function renderText(results: readonly Result[], squid: SquidInstallation | null): string {
  const versions = versionsOf(squid)
  const names = [
    `Weir ${versions.weir} on Node ${versions.node}`,
    squid === null ? 'no Squid' : `Squid ${squid.version}`,
  ]
  const rows = results.map(rowOf)
  const coarse = rows.some((row) => row.weir?.precise === false || row.squid?.precise === false)
  return [
    `${names.join(' · ')} · ${machineText()}`,
    "Per CPU second of the proxy's process tree; median (lowest–highest) of the rounds; more is better.",
    '',
    renderTable(rows),
    ...results.flatMap(directText),
    ...(coarse ? ['', '~ rounds too short for the clock: a tick is more than a twentieth of one.'] : []),
    '',
  ].join('\n')
}

export function renderJson(results: readonly Result[], squid: SquidInstallation | null): string {
  const measures = results.map((result) => {
    const row = rowOf(result)
    const { weir, squid: other, ...named } = row
    return {
      ...named,
      work: result.measure.work,
      weir: weir && { ...weir, rounds: result.rounds.weir },
      squid: other && { ...other, rounds: result.rounds.squid },
      ...(result.rounds.direct.length === 0 ? {} : { direct: result.rounds.direct }),
      ratio: ratioOf(row),
    }
  })
  return `${JSON.stringify({ versions: versionsOf(squid), machine: machineText(), measures }, null, 2)}\n`
}

/** By the clock, so that it is seen whether the load or the origin was what held the proxy back. */
function directText({ measure: { title }, rounds: { weir, direct } }: Result): string[] {
  if (weir.length === 0 || direct.length === 0) return []
  const rate = (rounds: readonly Round[]): string => {
    const rates = rounds.map(({ amount, wallSeconds }) => amount / wallSeconds).toSorted((a, b) => a - b)
    return formatRate(rates[Math.floor(rates.length / 2)] ?? 0)
  }
  return ['', `${title}: ${rate(weir)} a second by the clock through Weir, ${rate(direct)} without a proxy`]
}

function rowOf({ measure: { name, title, unit }, rounds }: Result): Row {
  const [weir, squid] = [summarize(rounds.weir, ticksPerSecond), summarize(rounds.squid, ticksPerSecond)]
  return { measure: name, title, unit, weir, squid }
}

function versionsOf(squid: SquidInstallation | null): { weir: string; node: string; squid: string | null } {
  return { weir: weirVersion(), node: process.versions.node, squid: squid?.version ?? null }
}

function machineText(): string {
  const all = cpus()
  return `${all[0]?.model.trim() ?? 'unknown processor'}, ${all.length} cores`
}
