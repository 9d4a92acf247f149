/** Starts Squid for comparison: as lean as its configuration allows, and doing the same work as Weir. */
import { execFileSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { chown, mkdir, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { makeAuthority, type KeyPair } from './certificates.ts'
import type { Contestant, Stage } from './contestant.ts'
import { type Owner, runCommand, startProgram, waitFor } from './program.ts'
import { ORIGIN_NAME } from './work.ts'

/** A Squid that can inspect. */
export interface SquidInstallation {
  readonly binary: string
  /** The helper that makes certificates. */
  readonly certgen: string
  readonly version: string
}

/** `null` when no Squid is installed, or one without OpenSSL (Debian has both `squid` and `squid-openssl`). */
export function findSquid(): SquidInstallation | null {
  const binary = ['/usr/sbin/squid', '/usr/local/sbin/squid', '/usr/local/squid/sbin/squid'].find(existsSync)
  return binary === undefined ? null : parseSquidVersion(binary, execFileSync(binary, ['-v'], { encoding: 'utf8' }))
}

/** Reads the answer to `squid -v`: the version, and the options it was configured with. */
export function parseSquidVersion(binary: string, text: string): SquidInstallation | null {
  const version = /Version (\S+)/.exec(text)?.[1]
  const option = (name: string): string | undefined => new RegExp(`'--${name}=([^']+)'`).exec(text)?.[1]
  const helpers = option('libexecdir')?.replace(/^\$\{(?:exec_)?prefix\}/, option('prefix') ?? '/usr/local/squid')
  if (version === undefined || helpers === undefined) return null
  if (!text.includes("'--with-openssl") || !text.includes("'--enable-ssl-crtd'")) return null
  return { binary, certgen: `${helpers}/security_file_certgen`, version }
}

export async function startSquid(
  installation: SquidInstallation,
  stage: Stage,
  inspected: boolean,
): Promise<Contestant> {
  const name = inspected ? 'squid-inspect' : 'squid-splice'
  const folder = join(stage.folder, name)
  await mkdir(folder)
  const owner = findOwner()
  const authority = await makeAuthority(folder, 'squid')
  await writeFile(join(folder, 'hosts'), `127.0.0.1 ${ORIGIN_NAME}\n`)
  const port = await findFreePort()
  const configuration = writeConfiguration({ installation, stage, inspected, folder, authority, port })
  await writeFile(join(folder, 'squid.conf'), configuration)
  if (owner !== undefined)
    await Promise.all(ownedPaths(folder, authority).map((path) => chown(path, owner.uid, owner.gid)))
  await runCommand([installation.certgen, '-c', '-s', join(folder, 'certificates'), '-M', '4MB'], folder, owner)
  // -N: one process in the foreground, so that its helpers are its children and the tree is whole.
  const command = [installation.binary, '-N', '-d1', '-f', join(folder, 'squid.conf')] as const
  const program = startProgram(name, command, { folder, cleanup: stage.cleanup, owner })
  await waitFor(program, () => canConnect(port))
  return { program, port, anchorFile: authority.certificateFile }
}

interface Setting {
  readonly installation: SquidInstallation
  readonly stage: Stage
  readonly inspected: boolean
  readonly folder: string
  readonly authority: KeyPair
  readonly port: number
}

/**
 * Squid 5 takes a full request buffer for the end of an upload and aborts it (its bug 5405), so the buffer is larger
 * than any body of the bench and never fills.
 */
function writeConfiguration({ installation, stage, inspected, folder, authority, port }: Setting): string {
  const { certificateFile, keyFile } = authority
  const listen = `http_port 127.0.0.1:${port} ssl-bump generate-host-certificates=on dynamic_cert_mem_cache_size=4MB`
  return `
${listen} tls-cert=${certificateFile} tls-key=${keyFile}
sslcrtd_program ${installation.certgen} -s ${join(folder, 'certificates')} -M 4MB
tls_outgoing_options default-ca=off cafile=${stage.originAnchorFile}
acl hello at_step SslBump1
ssl_bump peek hello
ssl_bump ${inspected ? 'bump' : 'splice'} all
http_access allow localhost
http_access deny all
cache deny all
client_request_buffer_max_size 128 MB
hosts_file ${join(folder, 'hosts')}
dns_nameservers 127.0.0.1
visible_hostname squid.invalid
workers 1
access_log stdio:${join(folder, 'access.log')}
cache_log ${join(folder, 'cache.log')}
coredump_dir ${folder}
pid_filename none
netdb_filename none
pinger_enable off
shutdown_lifetime 0 seconds
`
}

/** Squid refuses to serve as root; its own user is then made the owner of its folder. */
function findOwner(): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined
  return { uid: readId('-u'), gid: readId('-g') }
}

function readId(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, 'proxy'], { encoding: 'utf8' }))
}

function ownedPaths(folder: string, { keyFile }: KeyPair): readonly string[] {
  return [folder, keyFile].filter((path) => statSync(path).uid === 0)
}

/** Squid does not tell which port it was given for 0. */
async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no free port')
  server.close()
  await once(server, 'close')
  return address.port
}

async function canConnect(port: number): Promise<true | null> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED') return null
    throw error
  } finally {
    socket.destroy()
  }
}
