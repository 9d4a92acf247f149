/** The page of the catalogue has all of it: each service with its hosts, and each row. */
import { describe, expect, it } from 'vitest'
import { KIND_ENTRIES, SERVICE_ENTRIES } from '../../src/catalog/services.ts'
import { renderCatalogPage } from '../../src/cli/reference/catalog-page.ts'
import { renderFiles } from '../../src/cli/reference/files.ts'

const page = renderFiles().get('docs/catalog.md') ?? ''

describe('the page of the catalogue', () => {
  it('has every service and every host', () => {
    const missing = SERVICE_ENTRIES.flatMap(({ id, surfaces }) => [
      id,
      ...surfaces.flatMap(({ hosts }) => hosts),
    ]).filter((word) => !page.includes(`\`${word}\``))
    expect(missing).toEqual([])
    expect(Object.keys(KIND_ENTRIES).filter((kind) => !page.includes(`### Kind \`${kind}\``))).toEqual([])
  })

  it('has every row, those that services share once', () => {
    const entries = [...SERVICE_ENTRIES, ...Object.values(KIND_ENTRIES)]
    const tables = new Set(entries.flatMap(({ surfaces }) => surfaces.map(({ routes }) => routes)))
    const rows = [...tables].reduce((sum, routes) => sum + routes.length, 0)
    expect(page.match(/^\| (?:GET|POST|PUT|PATCH|DELETE)[ A-Z]*\| `\//gm)).toHaveLength(rows)
  })

  it('says of each row all that it asks for and tells', () => {
    const text = renderCatalogPage(
      'T',
      'I',
      [
        {
          id: 'x',
          kind: 'web',
          category: 'paste',
          foldsCase: false,
          surfaces: [
            {
              hosts: ['x.example'],
              below: '/api',
              repositories: ['y.example'],
              reads: 'web-read',
              unmatched: 'none',
              routes: [
                {
                  methods: ['POST', 'PUT'],
                  path: '/a/**',
                  operation: 'paste',
                  query: { acl: true, type: 'media' },
                  types: ['text/*'],
                  lands: 'unknown',
                  base64: 'content',
                  namesFile: true,
                  announces: { in: 'json', field: 'url' },
                },
                { methods: ['POST'], path: '/b', operation: 'api-read', empty: true, announces: { in: 'location' } },
                { methods: ['POST'], path: '/c', operation: 'paste', body: { graphql: 'gitlab' } },
                { methods: ['POST'], path: '/d', operation: 'paste', fields: { private: 'repo-visibility' } },
              ],
            },
            { hosts: ['ssh.x.example'], reads: 'web-read', ssh: true, routes: [] },
          ],
        },
      ],
      {},
    )
    expect(text.split('\n').filter((line) => /^[`|N]|^Else/.test(line))).toEqual([
      '`x.example` below `/api`; repositories are named under `y.example`',
      '| methods | path | only with | operation | more |',
      '|---|---|---|---|---|',
      '| POST PUT | `/a/**` | `?acl`, `?type=media`, `text/*` | `paste` | lands: unknown, base64: `content`, names a file, announces: `url` |',
      '| POST | `/b` | no content | `api-read` | announces: location |',
      '| POST | `/c` |  | `paste` | body: graphql gitlab |',
      '| POST | `/d` |  | `paste` | fields: `private` repo-visibility |',
      'Else `unknown-write`, whatever the method; it lands in no repository.',
      '`ssh.x.example`',
      'Nothing but SSH is spoken here.',
    ])
  })
})
