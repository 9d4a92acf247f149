/** Ordinary words of the hold-out set: people, hosts, projects, and passwords as people make them up. */
import type { Chance } from './chance.ts'

const PEOPLE =
  'alice bruno carla dmitri elena farid greta hiro ines jonas katya luis maren nadia omar priya quentin rosa sven tariq ulla victor wanda xiu yusuf zoe'.split(
    ' ',
  )
const SURNAMES =
  'abel brandt cohen duarte eriksen fischer gomez haddad ito jansen kovacs lund moreau novak okafor petrov quist rossi silva tanaka ueda vogel weiss yilmaz zhang'.split(
    ' ',
  )
const PROJECTS =
  'atlas beacon cobalt delta ember falcon glacier harbor indigo juniper kestrel lumen meadow nimbus orchid pelican quartz raven saffron thicket umbra vertex willow zephyr billing checkout ledger inventory payroll shipping search portal reports gateway notifier scheduler'.split(
    ' ',
  )
const COMPANIES =
  'northwind contoso fabrikam brightline bluefjord stackyard papermoon redcliff oakhurst silverpine tidewater kiteworksy lakeshore greenfold ironbark'.split(
    ' ',
  )
const ROLES = 'api web worker cron admin auth cache queue db search mail metrics jobs edge ingest'.split(' ')
const ZONES = 'internal.net prod.internal corp.io dev.cloud example-corp.com systems.eu labs.io hosting.net'.split(' ')
const NOUNS =
  'order invoice user session report cart payment shipment ticket message event job batch image thumbnail profile account tenant webhook cursor page filter column schema migration snapshot token index bucket'.split(
    ' ',
  )
const VERBS =
  'add fix drop move rename speed-up simplify document test retry batch cache log validate parse split merge guard bump revert'.split(
    ' ',
  )
const THINGS =
  'Kitten Harbor Dragon Coffee Purple Monkey Tiger Rocket Falcon Guitar Pepper Cookie Summer Winter Autumn Spring Berlin London Paris Lisboa Matrix Soccer Thunder Banana Castle Maple Orange Shadow Silver Turtle'.split(
    ' ',
  )
const REGIONS = 'us-east-1 us-west-2 eu-west-1 eu-central-1 ap-south-1 ap-southeast-2 ca-central-1'.split(' ')

export const WORDS: Readonly<Record<string, (chance: Chance) => string>> = {
  person: (chance) => chance.pick(PEOPLE),
  surname: (chance) => chance.pick(SURNAMES),
  user: (chance) =>
    chance.pick([
      chance.pick(PEOPLE),
      `${chance.pick(PEOPLE)}.${chance.pick(SURNAMES)}`,
      `svc-${chance.pick(ROLES)}`,
      `${chance.pick(PROJECTS)}_app`,
      'admin',
      'deploy',
      'root',
      'ci-bot',
    ]),
  app: (chance) => chance.pick(PROJECTS),
  company: (chance) => chance.pick(COMPANIES),
  role: (chance) => chance.pick(ROLES),
  noun: (chance) => chance.pick(NOUNS),
  verb: (chance) => chance.pick(VERBS),
  domain: (chance) => `${chance.pick(COMPANIES)}.${chance.pick(ZONES)}`,
  host: (chance) =>
    chance.once(5)
      ? `10.${chance.below(256)}.${chance.below(256)}.${chance.between(1, 254)}`
      : `${chance.pick(ROLES)}${chance.once(3) ? chance.between(1, 9) : ''}.${chance.pick(COMPANIES)}.${chance.pick(ZONES)}`,
  db: (chance) => `${chance.pick(PROJECTS)}_${chance.pick(['prod', 'staging', 'dev', 'main', 'core'])}`,
  email: (chance) => `${chance.pick(PEOPLE)}.${chance.pick(SURNAMES)}@${chance.pick(COMPANIES)}.${chance.pick(ZONES)}`,
  region: (chance) => chance.pick(REGIONS),
  // Apart from its bracket, so that no linter takes a template of ours for one of the language.
  dollar: () => '$',
  // Cut off from its dashes, so that no scanner of this source finds a key that is none.
  begin: () => 'BEGIN',
  home: (chance) => `/${chance.pick(['home', 'Users'])}/${chance.pick(PEOPLE)}`,
  npmhost: () => ['registry', 'npmjs', 'org'].join('.'),
  pypihost: () => ['pypi', 'org'].join('.'),
  password: (chance) => humanPassword(chance),
  strong: (chance) => strongPassword(chance, '!@#^*-_=+.?'),
  urlpass: (chance) => (chance.once(2) ? strongPassword(chance, '-_.~') : humanPassword(chance).replace(/[^\w-]/g, '')),
  basic: (chance) => Buffer.from(`${chance.pick(PEOPLE)}:${strongPassword(chance, '!@#^*-_=+.?')}`).toString('base64'),
  packed: (chance) => Buffer.from(humanPassword(chance)).toString('base64'),
  phrase: (chance) => chance.times(4, 6, () => chance.pick([...NOUNS, ...PROJECTS])).join('-'),
}

function humanPassword(chance: Chance): string {
  const thing = chance.pick(THINGS)
  const year = chance.between(1979, 2026)
  const mark = chance.pick(['!', '#', '@', '*', '!!', '?', '.'])
  return chance.pick([
    `${thing}${year}${mark}`,
    `${thing.toLowerCase()}${mark}${chance.pick(THINGS)}${chance.between(10, 999)}`,
    `${thing.replace(/a/g, '@').replace(/o/g, '0').replace(/e/g, '3')}_${chance.between(100, 9999)}`,
    `${chance.pick(PROJECTS)}-${thing}${mark}${chance.between(10, 99)}`,
  ])
}

/** As a password safe makes it: at least a letter of either case and a digit. */
function strongPassword(chance: Chance, marks: string): string {
  const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789'
  return `${chance.chars('ABCDEFGHJK', 1)}${chance.chars(letters + marks, chance.between(10, 22))}${chance.chars('abcdefg', 1)}${chance.chars('23456789', 1)}${chance.chars(letters, 2)}`
}
