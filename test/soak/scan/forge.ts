/** The process of the forge that pushes go to: a real git server, which makes repositories and tells what it received. */
import { appendFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type GitServer, startGitServer } from '../../../src/cli/demo/git-server.ts'
import type { Issued } from '../../tls/pki.ts'

/** What it is asked: to begin, to make a repository, or to say how large the packs were so far and to forget a repository. */
export type ForgeQuestion = { readonly start: Issued } | { readonly create: string } | { readonly drop: string }

const BODY_BYTES_MAX = 4_000_000_000

const root = await mkdtemp(join(tmpdir(), 'weir-soak-forge-'))
let server: GitServer | null = null
const folders = new Map<string, string>()

process.on('message', (question) => {
  void answer(question as ForgeQuestion).then((said) => process.send?.(said))
})
process.once('disconnect', () => void end())
process.once('SIGTERM', () => void end())

/** The port, the folder of a repository, or the bytes of all packs that were received. */
async function answer(question: ForgeQuestion): Promise<number | string> {
  if ('start' in question) {
    server = await startGitServer({ ...question.start, root, bodyBytesMax: BODY_BYTES_MAX })
    return server.port
  }
  if ('create' in question) {
    if (server === null) throw new Error('the forge was not started')
    const folder = await server.createRepository(`${question.create}.git`)
    // A pack is kept as it comes, whatever it holds.
    await appendFile(join(folder, 'config'), '[receive]\n  unpackLimit = 1\n')
    folders.set(question.create, folder)
    return folder
  }
  await rm(folders.get(question.drop) ?? join(root, 'nothing'), { recursive: true, force: true })
  folders.delete(question.drop)
  return (server?.log ?? []).reduce((sum, { packBytes }) => sum + (packBytes ?? 0), 0)
}

async function end(): Promise<void> {
  await server?.close()
  await rm(root, { recursive: true, force: true })
  process.exit()
}
