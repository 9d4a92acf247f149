/**
 * Ways to carry data out past one rule, written as somebody would who is refused `git push` and looks on. Left out is what a
 * plain GET says in its address or its header fields: that is a read, and `sentBytes` counts it. In here are those GETs that
 * the service itself documents as a write.
 *
 * Left out for the same reason are reads by POST that carry no more than an address could, to a host that nobody vouches for:
 * a fetch or a batch of LFS of 16 KiB, a question for locks of 1 KiB without a cursor. Their ids and names are words to whoever
 * runs that host, and `sentBytes` counts them like an address. In here are those that carry more.
 */
import { DROPS } from './drops.ts'
import { FORGES } from './forges.ts'
import { GITHUB_GIT } from './github-git.ts'
import { GITHUB_GRAPHQL_COMMITS, GITHUB_GRAPHQL_WORDS } from './github-graphql.ts'
import { GITHUB_GIVEN_AWAY, GITHUB_REST } from './github-rest.ts'
import { GITHUB_WEB } from './github-web.ts'
import { MESSAGES } from './messages.ts'
import { PACKAGES } from './packages.ts'
import type { Channel } from './shape.ts'
import { SPELLINGS } from './spellings.ts'
import { WIRE } from './wire.ts'

export const CHANNELS: readonly Channel[] = [
  ...GITHUB_GIT,
  ...GITHUB_GRAPHQL_COMMITS,
  ...GITHUB_GRAPHQL_WORDS,
  ...GITHUB_REST,
  ...GITHUB_GIVEN_AWAY,
  ...GITHUB_WEB,
  ...SPELLINGS,
  ...FORGES,
  ...PACKAGES,
  ...DROPS,
  ...MESSAGES,
  ...WIRE,
]
