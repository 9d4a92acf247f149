import { describe, expect, it } from 'vitest'
import { isOfType, isUtf8OfType, mayBeOfType } from '../../src/catalog/media-type.ts'

describe('a Content-Type', () => {
  // The field, the types asked for, and whether it is surely and possibly one of them.
  it.each([
    ['application/json', ['application/json'], true, true],
    ['Application/JSON', ['application/json'], true, true],
    ['application/json; charset=utf-8', ['application/json'], true, true],
    ['application/json ;charset=utf-8', ['application/json'], true, true],
    ['multipart/form-data; boundary=x', ['multipart/*'], true, true],
    ['multipart/related; boundary=x', ['image/png', 'multipart/*'], true, true],
    ['application/json', ['application/octet-stream'], false, false],
    ['application/jsonx', ['application/json'], false, false],
    ['application/json', ['multipart/*'], false, false],
    ['multipartx/form-data', ['multipart/*'], false, false],
    ['text/plain; x=application/json', ['application/json'], false, false],
    [null, ['application/json'], false, false],
    ['', ['application/json'], false, false],
    ['*/*', ['multipart/*'], false, false],
    // A field that came twice, and what is no media type.
    ['application/json, text/plain', ['application/json'], false, true],
    ['text/plain, application/json', ['application/json'], false, true],
    ['application/json; x=",text/plain', ['application/json'], false, true],
    ['application/json,', ['application/json'], false, true],
    [' application/json', ['application/json'], false, true],
    ['application/json x', ['application/json'], false, false],
    ['multipart', ['multipart/*'], false, true],
  ])('%j is one of %j: surely %s, perhaps %s', (field, types, surely, perhaps) => {
    expect([isOfType(field, types), mayBeOfType(field, types)]).toEqual([surely, perhaps])
  })

  it.each([
    ['application/json', true],
    ['application/json; charset=utf-8', true],
    ['application/json; charset="UTF-8"; x=y', true],
    ['application/json; charset=utf-7', false],
    ['application/json; charset=utf-8; charset=utf-16', false],
    ['application/json; CharSet="utf-32le"', false],
    ['application/json; charset=utf-8x', false],
    ["application/json; charset*=utf-8''utf-7", false],
    ['application/json, application/json', false],
  ])('%j is read as UTF-8 by everybody: %s', (field, surely) => {
    expect(isUtf8OfType(field, ['application/json'])).toBe(surely)
  })
})
