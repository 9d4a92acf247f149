/** The machine's hosts file (hosts(5)): it comes before DNS, as containers and administrators rely on. */
import { open, stat } from 'node:fs/promises'
import { type Address, parseAddress } from '../net/address.ts'
import { parseHost } from '../net/host.ts'

/** How often the file is looked at, at most. */
const RECHECK_INTERVAL_MS = 5_000
/** A larger file is not a hosts file; it is read up to here, and the line cut there and all behind it are left out. */
export const HOSTS_FILE_BYTES_MAX = 4 * 1024 * 1024

export interface HostsFile {
  lookup(host: string, now: number): Promise<readonly Address[]>
}

export function openHostsFile(path: string): HostsFile {
  let entries: ReadonlyMap<string, readonly Address[]> = new Map()
  let modified = Number.NaN
  let checkedAt = Number.NEGATIVE_INFINITY
  let checking: Promise<void> = Promise.resolve()

  const refresh = async (): Promise<void> => {
    const seen = await stat(path).catch(() => null)
    if (seen === null || !seen.isFile()) {
      // No hosts file is an ordinary state of a minimal image.
      entries = new Map()
      modified = Number.NaN
      return
    }
    if (seen.mtimeMs === modified) return
    entries = parseHostsFile(await readBeginning(path))
    modified = seen.mtimeMs
  }

  return {
    async lookup(host, now): Promise<readonly Address[]> {
      if (now - checkedAt >= RECHECK_INTERVAL_MS) {
        checkedAt = now
        checking = refresh()
      }
      await checking
      return entries.get(host) ?? []
    },
  }
}

async function readBeginning(path: string): Promise<string> {
  const file = await open(path, 'r')
  try {
    const buffer = Buffer.alloc(HOSTS_FILE_BYTES_MAX + 1)
    let size = 0
    for (let read = 1; read > 0 && size < buffer.length; size += read) {
      read = (await file.read(buffer, size, buffer.length - size, size)).bytesRead
    }
    // Half an address is another address.
    const end = size > HOSTS_FILE_BYTES_MAX ? buffer.lastIndexOf(0x0a, HOSTS_FILE_BYTES_MAX - 1) + 1 : size
    return buffer.subarray(0, end).toString('utf8')
  } finally {
    await file.close()
  }
}

export function parseHostsFile(text: string): ReadonlyMap<string, readonly Address[]> {
  const entries = new Map<string, Address[]>()
  for (const line of text.split('\n')) {
    const [addressText = '', ...names] = (line.split('#', 1)[0] ?? '').trim().split(/\s+/)
    const address = parseAddress(addressText)
    if (address === null) continue
    for (const name of names) {
      const host = parseHost(name)
      if (host === null) continue
      const known = entries.get(host)
      if (known === undefined) entries.set(host, [address])
      else known.push(address)
    }
  }
  return entries
}
