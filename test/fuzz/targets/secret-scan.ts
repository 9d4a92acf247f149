/** The search for credentials: rules that people write, and content cut in any way. */
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { readRun, RUN_CHARACTERS_MIN } from '../../../src/content/secrets/base64-run.ts'
import { parseGitleaksRules } from '../../../src/content/secrets/gitleaks.ts'
import { OWN_RULES } from '../../../src/content/secrets/rules/all.ts'
import { parseToml } from '../../../src/content/secrets/toml-source.ts'
import { scanOf } from '../../content/secrets/upload.ts'
import { positives } from '../../secrets/positives.ts'
import { mutatedBytes, mutatedText } from '../corpus.ts'
import { defineTarget, type FuzzTarget } from '../target.ts'

const WORDS = OWN_RULES.flatMap(({ keywords }) => keywords)
const TEXTS = positives(1).map(({ text }) => Buffer.from(text))
const RULE = `[[rules]]
id = "acme-key"
regex = '''\\bacme_([a-f0-9]{16})\\b'''
keywords = ["acme_"]
[[rules.allowlists]]
condition = "AND"
regexTarget = "line"
regexes = ['''x''']
`

export const SECRET_SCAN_TARGETS: readonly FuzzTarget[] = [
  defineTarget({
    name: 'content, however it is cut',
    parsers: ['content/secrets/base64-run.ts#readRun'],
    inputs: fc.tuple(mutatedBytes(TEXTS, WORDS), fc.integer({ min: 1, max: 200 })),
    shortRuns: 150,
    check: ([content, size]) => {
      const whole = scanOf([{ within: [], content }])
      assert.deepEqual(scanOf([{ within: [], content }], size).findings, whole.findings)
      for (const { line, excerpt } of whole.findings) {
        assert.ok(line >= 1 && line <= 1 + Buffer.from(content).filter((byte) => byte === 0x0a).length)
        assert.ok(excerpt.length <= 120 && !/[\p{C}\p{Zl}\p{Zp}]/u.test(excerpt))
      }
      const run = readRun(Buffer.from(content), 0, content.length)
      assert.ok(run.end <= content.length && run.text.length <= Math.max(run.end, RUN_CHARACTERS_MIN))
    },
  }),
  defineTarget({
    name: 'rules in the format of gitleaks',
    parsers: ['content/secrets/gitleaks.ts#parseGitleaksRules', 'content/secrets/toml-source.ts#parseToml'],
    inputs: mutatedText(
      [RULE],
      ['[[rules]]', '[rules.allowlist]', "'''", '"""', '(', '{1000}', 'regexes = [', 'path = ', '='],
    ),
    check: (text) => {
      const { source } = parseToml(text, 'rules.toml')
      const { rules, problems } = parseGitleaksRules(text, 'rules.toml')
      assert.equal(
        rules === null,
        problems.some(({ severity }) => severity === 'error'),
      )
      if (source === null) assert.equal(rules, null)
      const lines = text.split('\n').length
      for (const { line, column, message } of problems)
        assert.ok(line >= 1 && line <= lines && column >= 1 && message !== '')
    },
  }),
]
