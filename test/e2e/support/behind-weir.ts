/** Programs of this machine, as they run behind Weir. */
import { type ProgramResult, runProgram } from './program.ts'
import { temporaryFolder } from './temporary.ts'
import type { TestWeir } from './weir.ts'

/** A program that goes out by this Weir, and trusts what a machine behind it trusts. */
export function by(
  { proxy, caFile }: TestWeir,
  program: string,
  args: readonly string[],
  { cwd = temporaryFolder(program), env = {} }: { cwd?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<ProgramResult> {
  return runProgram(program, args, {
    cwd,
    env: {
      HOME: cwd,
      HTTPS_PROXY: proxy,
      https_proxy: proxy,
      http_proxy: proxy,
      HTTP_PROXY: proxy,
      // By these the clients of Go, Python and Node trust the CA and nothing else.
      SSL_CERT_FILE: caFile,
      SSL_CERT_DIR: cwd,
      REQUESTS_CA_BUNDLE: caFile,
      NODE_EXTRA_CA_CERTS: caFile,
      ...env,
    },
  })
}
