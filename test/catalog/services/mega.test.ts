/** MEGA: a list of commands under one address, storage hosts, and reads that are POSTs. */
import { describe, expect, it } from 'vitest'
import { operationOfMegaCommands } from '../../../src/catalog/mega-commands.ts'
import { bad, done, MORE } from '../../../src/wire/parse.ts'
import { classifyUrl } from '../classified.ts'
import { checkTable } from './table.ts'

describe('MEGA', () => {
  checkTable(
    'g.api.mega.co.nz',
    '',
    `
POST   /cs?id=1&sid=x            file-upload      -  mega-commands
POST   /cs                       file-upload      -  mega-commands
POST   /cs/                      unknown-write    ?
POST   /CS                       unknown-write    -
PUT    /cs                       unknown-write    -
GET    /cs?id=1                  unknown-write    -
POST   /sc?sn=x                  unknown-write    -
GET    /sc?sn=x                  api-read         -
POST   /wsc                      unknown-write    -
POST   /x                        unknown-write    -
`,
  )
  checkTable(
    'gfs270n1.userstorage.mega.co.nz',
    '',
    `
POST   /ul/token/0               file-upload      -
PUT    /ul/token                 file-upload      -
GET    /dl/token/0-131072        download         -
POST   /dl/token/0-131072        unknown-write    -
GET    /ul/token/0               unknown-write    -
GET    /x                        unknown-write    -
`,
  )

  it.each([
    ['GET', 'mega.nz/', 'web-read'],
    ['GET', 'mega.nz/file/x', 'web-read'],
    ['POST', 'mega.nz/', 'unknown-write'],
    ['GET', 'eu.static.mega.co.nz/4/js/x.js', 'download'],
    ['POST', 'eu.static.mega.co.nz/4/js/x.js', 'unknown-write'],
    ['GET', 'nobody-knows.mega.nz/x', 'unknown-write'],
    ['POST', 'g.api.mega.nz/cs', 'file-upload'],
  ])('%s %s is %s', (method, url, operation) => expect(classifyUrl(method, url).operation).toBe(operation))

  it.each([
    ['g.api.mega.co.nz/sc?sn=x', 'api-read'],
    ['g.api.mega.co.nz/wsc', 'api-read'],
    ['gfs1.userstorage.mega.co.nz/dl/token/0-131072', 'download'],
  ])('a POST to %s is a read while nothing is in it', (url, operation) => {
    expect(classifyUrl('POST', url, { hasContent: false }).operation).toBe(operation)
    expect(classifyUrl('POST', url, { hasContent: true }).operation).toBe('unknown-write')
  })
})

describe('operationOfMegaCommands', () => {
  it.each([
    [['f'], 'api-read'],
    [['g', 'ug', 'uq', 'uga'], 'api-read'],
    [['us0'], 'sign-in'],
    [['us', 'ug'], 'sign-in'],
    [['sml'], 'sign-in'],
    [['u'], 'file-upload'],
    [['p'], 'file-upload'],
    [['up'], 'file-upload'],
    [['s2'], 'file-upload'],
    [['ufa'], 'file-upload'],
    [['f', 'f', 'p'], 'file-upload'],
    [['us', 'p'], 'file-upload'],
    [['F'], 'file-upload'],
    [['nobody-knows'], 'file-upload'],
    [[''], 'file-upload'],
    [[], 'file-upload'],
  ] as const)('%j are %s', (names, operation) => {
    expect(operationOfMegaCommands(done(names, 1))).toBe(operation)
  })

  it('takes what is no list of commands for an upload', () => {
    expect([operationOfMegaCommands(bad('x')), operationOfMegaCommands(MORE)]).toEqual(['file-upload', 'file-upload'])
  })
})
