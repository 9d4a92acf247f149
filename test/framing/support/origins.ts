/** The origins of the corpus: a reader by the letter, Node strict and tolerant, nginx, Apache strict and tolerant. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../../e2e/support/temporary.ts'
import type { Message, OriginName } from '../corpus/case.ts'
import { type Recorder, SEEN_LINE, startNodeRecorder, startStrictRecorder } from './recorder.ts'
import { findServer, freePort, startServer } from './server-process.ts'

export interface Origin {
  readonly name: OriginName
  readonly port: number
  take(): readonly Message[]
}

export interface Origins {
  readonly all: readonly Origin[]
  close(): Promise<void>
}

const NGINX = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/local/nginx/sbin/nginx']
const APACHE = ['/usr/sbin/apache2', '/usr/sbin/httpd', '/usr/local/apache2/bin/httpd']
const APACHE_MODULES = ['/usr/lib/apache2/modules', '/usr/lib64/httpd/modules', '/usr/local/apache2/modules']

/** nginx and Apache read each message whole and pass it on to a recorder of their own, with what they took it for. */
export async function startOrigins(): Promise<Origins> {
  const raw = await startStrictRecorder()
  const node = await startNodeRecorder(false)
  const tolerant = await startNodeRecorder(true)
  const behindNginx = await startNodeRecorder(false)
  const behindApache = [await startNodeRecorder(false), await startNodeRecorder(false)] as const
  const nginx = await startNginx(behindNginx)
  const apache = await startApache(behindApache).catch(async (error: unknown) => {
    await nginx.stop()
    throw error
  })
  const of = (name: OriginName, port: number, { take }: Recorder): Origin => ({ name, port, take })
  return {
    all: [
      of('raw', raw.port, raw),
      of('node', node.port, node),
      of('node-lenient', tolerant.port, tolerant),
      of('nginx', nginx.port, behindNginx),
      of('apache', apache.ports[0], behindApache[0]),
      of('apache-unsafe', apache.ports[1], behindApache[1]),
    ],
    close: async () => {
      await Promise.all([nginx.stop(), apache.stop()])
      await Promise.all([raw, node, tolerant, behindNginx, ...behindApache].map((each) => each.close()))
    },
  }
}

async function startNginx(recorder: Recorder): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const binary = findServer(NGINX)
  const folder = temporaryFolder('nginx')
  const port = await freePort()
  const file = join(folder, 'nginx.conf')
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  const bodies = kinds.map((kind) => `  ${kind}_temp_path ${folder}/${kind};`).join('\n')
  writeFileSync(
    file,
    `daemon off;
master_process off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log stderr error;
events { worker_connections 512; }
http {
${bodies}
  access_log off;
  client_max_body_size 0;
  client_header_buffer_size 4k;
  large_client_header_buffers 8 256k;
  ignore_invalid_headers off;
  underscores_in_headers on;
  merge_slashes off;
  keepalive_timeout 60s;
  keepalive_requests 100000;
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://127.0.0.1:${recorder.port};
      proxy_http_version 1.1;
      proxy_request_buffering on;
      proxy_set_header ${SEEN_LINE} $request;
    }
  }
}
`,
  )
  return { port, ...(await startServer(binary, ['-e', 'stderr', '-p', folder, '-c', file], folder, [port])) }
}

async function startApache(
  recorders: readonly [Recorder, Recorder],
): Promise<{ readonly ports: readonly [number, number]; stop(): Promise<void> }> {
  const binary = findServer(APACHE)
  const modules = findServer(APACHE_MODULES)
  const folder = temporaryFolder('apache')
  const ports = [await freePort(), await freePort()] as const
  const file = join(folder, 'apache.conf')
  const needed = ['mpm_event', 'authz_core', 'headers', 'proxy', 'proxy_http']
  const site = (port: number, recorder: Recorder, options: string): string => `
<VirtualHost 127.0.0.1:${port}>
  HttpProtocolOptions ${options}
  AllowEncodedSlashes NoDecode
  ProxyPass / http://127.0.0.1:${recorder.port}/ nocanon
  RequestHeader set ${SEEN_LINE} "expr=%{THE_REQUEST}"
</VirtualHost>`
  writeFileSync(
    file,
    `${needed.map((name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`).join('\n')}
ServerRoot ${folder}
DefaultRuntimeDir ${folder}
PidFile ${folder}/apache.pid
Mutex default:${folder}
ServerName framing.example
ErrorLog ${folder}/error.log
LogLevel error
ServerLimit 1
StartServers 1
ThreadsPerChild 64
MaxRequestWorkers 64
KeepAlive On
KeepAliveTimeout 60
MaxKeepAliveRequests 0
LimitRequestLine 262144
LimitRequestFieldSize 262144
MergeSlashes Off
TraceEnable extended
${ports.map((port) => `Listen 127.0.0.1:${port}`).join('\n')}
${site(ports[0], recorders[0], 'Strict')}
${site(ports[1], recorders[1], 'Unsafe LenientMethods Allow0.9')}
`,
  )
  return { ports, ...(await startServer(binary, ['-f', file, '-D', 'FOREGROUND'], folder, ports)) }
}
