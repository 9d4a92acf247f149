// Reads vitest's JSON result and its exit status, names what was skipped, and closes with `N passed, N failed`.
// A skipped test counts as failed, unless its name says that it wants ../shared and that folder is absent.
import { existsSync, readFileSync } from 'node:fs'

const [, , file = '', status = '1'] = process.argv
const result = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { success: false, testResults: [] }
const tests = result.testResults.flatMap((suite) => suite.assertionResults)
const passed = tests.filter((test) => test.status === 'passed').length
const skipped = tests.filter((test) => test.status !== 'passed' && test.status !== 'failed')
const excused = skipped.filter((test) => test.fullName.includes('../shared') && !existsSync('../shared'))
for (const test of skipped) {
  console.log(`${excused.includes(test) ? 'skipped' : 'FAILED, for it was skipped'}: ${test.fullName}`)
}

// A file that does not load, or an error outside of any test, has no failed test to its name.
const broken = result.testResults.filter((suite) => suite.status === 'failed' && suite.assertionResults.length === 0)
for (const suite of broken) console.log(`FAILED, for it did not load: ${suite.name}`)
const known = tests.filter((test) => test.status === 'failed').length + skipped.length - excused.length + broken.length
const failed = known === 0 && (passed === 0 || !result.success || status !== '0') ? 1 : known
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
