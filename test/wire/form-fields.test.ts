import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FormFieldReader, formNameCharactersMax } from '../../src/wire/form-fields.ts'
import { textPieceBytes } from '../../src/wire/text-bytes.ts'
import { tell } from './events.ts'

const read = (body: string) => tell(() => new FormFieldReader(), body).began

describe('the fields of a form', () => {
  it.each<[string, [string, string][]]>([
    ['a=b', [['a', 'b']]],
    [
      'a=b&c=d+e%20f',
      [
        ['a', 'b'],
        ['c', 'd e f'],
      ],
    ],
    ['a=b=c', [['a', 'b=c']]],
    ['a%5B0%5D=%e2%82%ac', [['a[0]', '€']]],
    ['=b', [['', 'b']]],
    ['a=&&b', []],
    [
      'a=%&b=%4&c=%zz&d=%%41',
      [
        ['a', '%'],
        ['b', '%4'],
        ['c', '%zz'],
        ['d', '%A'],
      ],
    ],
    ['', []],
  ])('%s', (body, began) => {
    expect(read(body)).toEqual(began)
  })

  it('are those of the URL standard', () => {
    const fields = fc.array(fc.tuple(fc.string({ maxLength: 9 }), fc.string({ minLength: 1, maxLength: 30 })), {
      maxLength: 5,
    })
    fc.assert(
      fc.property(fields, (pairs) => {
        expect(read(new URLSearchParams(pairs).toString())).toEqual(pairs)
      }),
      { seed: 4, numRuns: 60 },
    )
  })

  it('may be long', () => {
    const long = '%41b'.repeat(textPieceBytes)
    expect(read(`a=${long}&c=d`)).toEqual([
      ['a', 'Ab'.repeat(textPieceBytes)],
      ['c', 'd'],
    ])
  })

  it('tell a name that is longer than what is kept of it', () => {
    const kept = 'n'.repeat(formNameCharactersMax)
    expect(read(`${kept}=v`)).toEqual([[kept, 'v']])
    expect(read(`${kept}x=v`)).toEqual([
      [`${kept}…`, `${kept}x`],
      [`${kept}…`, 'v'],
    ])
    expect(read(`${kept}x`)).toEqual([[`${kept}…`, `${kept}x`]])
  })
})
