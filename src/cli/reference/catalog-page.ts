/** The reference page of the catalogue: every service with its hosts, and what each request to it is taken for. */
import type { KindEntry, Route, ServiceEntry, Surface } from '../../catalog/service-entry.ts'
import { type Category, CATEGORIES, doubtsReads } from '../../catalog/vocabulary.ts'

/** `kinds` by name; `intro` is the text under the title. */
export function renderCatalogPage(
  title: string,
  intro: string,
  services: readonly ServiceEntry[],
  kinds: Readonly<Record<string, KindEntry>>,
): string {
  const page = new Page()
  const sections = CATEGORIES.map((category) => {
    const entries = services.filter((entry) => entry.category === category)
    return `## ${category}\n\n${page.renderServices(entries)}`
  })
  const forms = Object.entries(kinds).map(([name, kind]) => page.renderKind(name, kind))
  return `# ${title}\n\n${intro}\n\n${sections.join('')}## Kinds\n\n${KINDS_INTRO}\n\n${forms.join('')}`
}

const KINDS_INTRO = `What \`services: { NAME: { kind: …, hosts: … } }\` of a policy makes of a server of one's own. \`{host}\` is each of its hosts.`

class Page {
  /** Where rows that several surfaces share stand. */
  readonly #shown = new Map<readonly Route[], string>()

  renderServices(entries: readonly ServiceEntry[]): string {
    const plain = entries.filter((entry) => isPlain(entry))
    const alike = Map.groupBy(plain, ({ surfaces: [surface] }) => `${surface?.reads} ${surface?.unmatched}`)
    const sets = [...alike.values()].flatMap((set) => [
      ...Map.groupBy(set, ({ surfaces: [surface] }) => surface?.routes).values(),
    ])
    const few = sets.map((set) => this.#renderSet(set))
    const others = entries.filter((entry) => !isPlain(entry)).map((entry) => this.#renderService(entry))
    return [...others, ...few].join('')
  }

  renderKind(name: string, kind: KindEntry): string {
    return `### Kind \`${name}\`\n\n${this.#renderSurfaces(`kind \`${name}\``, kind)}`
  }

  #renderService(entry: ServiceEntry): string {
    const { id, kind } = entry
    const known = kind === 'web' ? '' : ` (kind \`${kind}\`)`
    return `### \`${id}\`${known}\n\n${this.#renderSurfaces(`\`${id}\``, entry)}`
  }

  /** Services that are known by their hosts, with the same rows for all of them. */
  #renderSet(set: readonly ServiceEntry[]): string {
    const [first] = set
    const surface = first?.surfaces[0]
    if (first === undefined || surface === undefined) return ''
    const lines = set.map(({ id, surfaces }) => `| \`${id}\` | ${hostsOf(surfaces.flatMap(({ hosts }) => hosts))} |\n`)
    const heading = `| service | hosts |\n|---|---|\n${lines.join('')}\n`
    return `${heading}${this.#renderRows(`\`${first.id}\``, surface, first.category)}`
  }

  #renderSurfaces(owner: string, { surfaces, category }: KindEntry): string {
    return surfaces.map((surface) => `${placeOf(surface)}\n\n${this.#renderRows(owner, surface, category)}`).join('')
  }

  #renderRows(owner: string, surface: Surface, category: Category): string {
    const { hosts, below = '', routes, ssh } = surface
    if (ssh === true) return 'Nothing but SSH is spoken here.\n\n'
    const rest = restOf(surface, category)
    const shown = this.#shown.get(routes)
    if (routes.length === 0) return rest
    if (shown !== undefined) return `The rows of ${shown}. ${rest}`
    this.#shown.set(routes, `${owner} at ${hosts[0] ?? ''}${below}`)
    return `| methods | path | only with | operation | more |\n|---|---|---|---|---|\n${routes.map(renderRow).join('')}\n${rest}`
  }
}

/** What no row names. */
function restOf({ routes, reads, unmatched }: Surface, category: Category): string {
  const where = unmatched === 'none' ? 'in no repository' : 'in one that nobody knows'
  const otherwise = routes.length === 0 ? '' : 'Else '
  const said = doubtsReads(category)
    ? `${otherwise}\`unknown-write\`, whatever the method`
    : `${otherwise}\`${reads}\` for reading methods, and \`unknown-write\``
  return `${said}; it lands ${where}.\n\n`
}

/** Known by its hosts, which all have the same rows. */
function isPlain({ kind, surfaces: [surface, ...more] }: ServiceEntry): boolean {
  const { below, repositories, ssh } = surface ?? {}
  return kind === 'web' && more.length === 0 && below === undefined && repositories === undefined && ssh === undefined
}

function placeOf({ hosts, below, repositories }: Surface): string {
  const place = `${hostsOf(hosts)}${below === undefined ? '' : ` below \`${below}\``}`
  return repositories === undefined ? place : `${place}; repositories are named under ${hostsOf(repositories)}`
}

function hostsOf(hosts: readonly string[]): string {
  return hosts.map((host) => `\`${host}\``).join(', ')
}

function renderRow({ methods, path, operation, ...more }: Route): string {
  const { query = {}, types = [], empty } = more
  const parameters = Object.entries(query).map(([name, value]) => `\`?${name}${value === true ? '' : `=${value}`}\``)
  const conditions = [...parameters, ...types.map((type) => `\`${type}\``), ...(empty === true ? ['no content'] : [])]
  return `| ${methods.join(' ')} | \`${path}\` | ${conditions.join(', ')} | \`${operation}\` | ${notesOf(more).join(', ')} |\n`
}

function notesOf({
  lands,
  base64,
  body,
  fields,
  namesFile,
  announces,
}: Omit<Route, 'methods' | 'path' | 'operation'>): readonly string[] {
  const inBody = typeof body === 'object' ? `graphql ${body.graphql}` : body
  const does = Object.entries(fields ?? {}).map(([field, operation]) => `\`${field}\` ${operation}`)
  return [
    ...(lands === undefined ? [] : [`lands: ${lands}`]),
    ...(base64 === undefined ? [] : [`base64: \`${base64}\``]),
    ...(inBody === undefined ? [] : [`body: ${inBody}`]),
    ...(fields === undefined ? [] : [`fields: ${does.join(' ') || 'visibility'}`]),
    ...(namesFile === undefined ? [] : ['names a file']),
    ...(announces === undefined
      ? []
      : [`announces: ${announces.in === 'json' ? `\`${announces.field}\`` : 'location'}`]),
  ]
}
