/** The GraphQL of the services that have one. */
import type { GraphqlForm } from './classification.ts'
import type { GraphqlSchema } from './graphql.ts'
import { nameRepository } from './repository-name.ts'
import type { GraphqlDialect } from './service-entry.ts'
import { GITHUB_MUTATIONS } from './services/github-graphql.ts'
import { GITLAB_MUTATIONS } from './services/gitlab-graphql.ts'

const MUTATIONS: Readonly<Record<GraphqlDialect, GraphqlSchema['mutations']>> = {
  github: GITHUB_MUTATIONS,
  gitlab: GITLAB_MUTATIONS,
}

const ABOUT_NONE: ReadonlySet<string> = new Set([
  '__schema',
  '__type',
  '__typename',
  'codeOfConduct',
  'codesOfConduct',
  'currentUser',
  'license',
  'licenses',
  'marketplaceCategories',
  'metadata',
  'meta',
  'rateLimit',
  'viewer',
])

export function graphqlSchemaOf({ graphql, host, foldsCase }: GraphqlForm): GraphqlSchema {
  return {
    mutations: MUTATIONS[graphql],
    repositoryOf: (name) => nameRepository(host, name.split('/'), foldsCase),
    aboutNone: ABOUT_NONE,
  }
}
