/** The load generator, a process of its own: does one job at a time, and says when it is done or what went wrong. */
import { strict as assert } from 'node:assert'
import { once } from 'node:events'
import { createSecureContext, type SecureContext } from 'node:tls'
import { Conversation, openPlain, openTunnel } from './client.ts'
import { runH2load } from './h2load.ts'
import { type Done, type Job, jobSchema } from './work.ts'

process.on('disconnect', () => process.exit())
process.on('message', (message) => {
  void run(jobSchema.parse(message)).then(reply, (error: unknown) => reply({ fault: describe(error) }))
})

async function run(job: Job): Promise<Done> {
  const { requests, connections } = job.work
  assert(requests % connections === 0, 'every connection has the same share of the requests')
  if (job.work.kind === 'streams') {
    await runH2load(job)
    return { done: true }
  }
  const context = createSecureContext({ ca: job.anchor })
  await Promise.all(Array.from({ length: connections }, () => runLane(job, requests / connections, context)))
  return { done: true }
}

async function runLane(job: Job, requests: number, context: SecureContext): Promise<void> {
  switch (job.work.kind) {
    case 'streams':
      throw new Error('h2load has lanes of its own')
    case 'visit':
      for (let count = 0; count < requests; count += 1) await visit(job, context)
      return
    case 'plain':
    case 'kept':
      return keepAsking(job, requests, context)
    case 'download':
    case 'upload':
      for (let count = 0; count < requests; count += 1) await transfer(job, job.work.kind, context)
  }
}

/** A tunnel for one request, up to the close of the connection: the proxy's work on the close belongs to it. */
async function visit(job: Job, context: SecureContext): Promise<void> {
  const socket = await openTunnel(job, context)
  const closed = once(socket, 'close')
  await new Conversation(socket, job).readSmall({ connection: 'close' })
  await closed
}

async function keepAsking(job: Job, requests: number, context: SecureContext): Promise<void> {
  const socket = job.work.kind === 'plain' ? await openPlain(job) : await openTunnel(job, context)
  const conversation = new Conversation(socket, job)
  for (let count = 0; count < requests; count += 1) await conversation.readSmall()
  conversation.end()
}

async function transfer(job: Job, direction: 'download' | 'upload', context: SecureContext): Promise<void> {
  const conversation = new Conversation(await openTunnel(job, context), job)
  await conversation[direction](job.work.bodyBytes)
  conversation.end()
}

function reply(done: Done): void {
  process.send?.(done)
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
