import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { weir } from './weir-command.ts'

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }

describe('exit status 2, wrong usage', () => {
  it.each<[name: string, words: readonly string[], said: string]>([
    ['no command', [], 'Usage: weir'],
    ['an unknown command', ['chek'], 'Did you mean check?'],
    ['a command that does not exist yet', ['replay'], "unknown command 'replay'"],
    ['an unknown flag', ['check', '--strickt'], 'Did you mean --strict?'],
    ['a flag without its value', ['run', '--listen'], "option '--listen <ADDR:PORT>' argument missing"],
    ['an argument too many', ['version', 'now'], 'too many arguments'],
    ['an unknown format', ['ca', 'export', '--format', 'p12'], 'Allowed choices are pem, der, text'],
    ['a flag that does not parse', ['health', '--listen', 'here'], '--listen: error: must be an address and a port'],
    ['an unknown inspection mode', ['check', '--inspection', 'alway'], 'did you mean `always`?'],
    ['a settings file that is not there', ['check', '--config', 'no-such.yaml'], 'no-such.yaml: there is no such file'],
  ])('%s', async (_, words, said) => {
    const { status, out, err } = await weir(words)
    expect(err).toContain(said)
    expect({ status, out }).toEqual({ status: 2, out: '' })
  })
})

describe('exit status 1, not good', () => {
  it('a variable that does not parse', async () => {
    const { status, err } = await weir(['health'], { environment: { WEIR_LISTEN: 'here' } })
    expect(err).toContain('WEIR_LISTEN: error: must be an address and a port')
    expect(status).toBe(1)
  })
})

describe('exit status 0', () => {
  it('help, which names every command', async () => {
    const { status, out, err } = await weir(['--help'])
    expect({ status, err }).toEqual({ status: 0, err: '' })
    for (const command of ['run', 'demo', 'check', 'test', 'explain', 'status', 'ca', 'index', 'health', 'version'])
      expect(out).toContain(`\n  ${command}`)
  })

  it('version, as text and as JSON', async () => {
    expect(await weir(['version'])).toEqual({
      status: 0,
      out: `weir ${version} (Node ${process.versions.node})\n`,
      err: '',
    })
    const { out } = await weir(['version', '--json'])
    expect(JSON.parse(out)).toEqual({ version, node: process.versions.node })
    expect((await weir(['--version'])).out).toBe(`${version}\n`)
  })

  it('an unknown variable is warned of, and no more', async () => {
    const { status, err } = await weir(['check', 'policies/default.yaml'], { environment: { WEIR_POLICI: 'x' } })
    expect(err).toBe('WEIR_POLICI: warning: no setting has this variable\n  did you mean `WEIR_POLICY`?\n')
    expect(status).toBe(0)
  })
})
