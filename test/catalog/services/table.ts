/** Tables of requests to one service: `METHOD TARGET OPERATION REPOSITORY [BODY]`, a line each. */
import { expect, it } from 'vitest'
import type { Classification } from '../../../src/catalog/classification.ts'
import { familyOf } from '../../../src/flow/operation.ts'
import { classifyUrl } from '../classified.ts'

/** `named` is the repository that the table writes as `=`; `-` is none, `?` one that cannot be told. */
export function checkTable(host: string, named: string, table: string): number {
  const rows = table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
  it.each(rows)(`%s ${host}%s is %s of %s`, (method = '', target = '', operation, repository, body = 'plain') => {
    const answer = classifyUrl(method, `${host}${target}`)
    expect([answer.operation, spell(answer, named), spellBody(answer)]).toEqual([operation, repository, body])
    // A write is a read only where what proves it is still to be seen, or where nothing is in it.
    if (!isAsking(method)) expect([familyOf(answer.operation), answer.body]).not.toEqual(['read', 'plain'])
  })
  return rows.length
}

function spell({ repository }: Classification, named: string): string {
  if (repository.state === 'known') return repository.value === named ? '=' : repository.value
  return { absent: '-', never: '?', unseen: '!' }[repository.state]
}

function spellBody({ body }: Classification): string {
  if (typeof body === 'string') return body
  if ('base64' in body) return `base64:${body.base64}`
  return 'graphql' in body ? `graphql:${body.graphql}` : `fields:${Object.keys(body.fields).join()}`
}

function isAsking(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
}
