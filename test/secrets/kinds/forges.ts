/** Credentials of code hosts, build services and package registries. */
import { ALNUM, BASE64URL, BASE32, DIGITS, HEX, LOWER_ALNUM, type Random, UPPER_ALNUM, uuid } from '../random.ts'
import { checksum62, hexCrc, type Kind, named, token } from './kind.ts'

const GITHUB = 'https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/'
const GITLAB = 'https://docs.gitlab.com/security/tokens/#token-prefixes'

function github(prefix: string, random: Random): string {
  const body = random.text(ALNUM, 30)
  return `${prefix}_${body}${checksum62(body)}`
}

export const FORGES: readonly Kind[] = [
  token('github-classic', GITHUB, ['github_token', 'gh_token', 'github_pat'], (r) => github('ghp', r)),
  token('github-oauth', GITHUB, ['github_oauth_token', 'gh_oauth'], (r) => github('gho', r)),
  token('github-app', GITHUB, ['github_token', 'installation_token'], (r) => github(r.pick(['ghs', 'ghu']), r)),
  token('github-refresh', GITHUB, ['refresh_token'], (r) => `ghr_${r.text(ALNUM, 76)}`),
  token(
    'github-fine-grained',
    'https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/managing-your-personal-access-tokens',
    ['github_token', 'gh_pat'],
    (r) => `github_pat_${r.text(ALNUM, 22)}_${r.text(ALNUM, 59)}`,
  ),
  token('gitlab-personal', GITLAB, ['gitlab_token', 'private_token'], (r) => `glpat-${r.text(BASE64URL, 20)}`),
  token('gitlab-routable', GITLAB, ['gitlab_token', 'ci_api_token'], (r) => {
    const payload = `glpat-${r.text(ALNUM, 27)}.01.0w${r.text(LOWER_ALNUM, 7)}`
    return payload
  }),
  token('gitlab-deploy', GITLAB, ['deploy_token', 'ci_deploy_password'], (r) => `gldt-${r.text(BASE64URL, 20)}`),
  token('gitlab-runner', GITLAB, ['runner_token', 'registration_token'], (r) => `glrt-${r.text(BASE64URL, 20)}`),
  token('gitlab-trigger', GITLAB, ['trigger_token'], (r) => `glptt-${r.text(HEX, 40)}`),
  token('gitlab-agent', GITLAB, ['agent_token'], (r) => `glagent-${r.text(BASE64URL, 50)}`),
  token(
    'bitbucket-app-password',
    'https://support.atlassian.com/bitbucket-cloud/docs/app-passwords/',
    ['bitbucket_app_password', 'bitbucket_password'],
    (r) => {
      const body = r.text(ALNUM, 24)
      return `ATBB${body}${hexCrc(body).toUpperCase()}`
    },
  ),
  token(
    'atlassian-api',
    'https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/',
    ['atlassian_api_token', 'jira_token', 'confluence_token'],
    (r) => `ATATT3xFfGF0${r.text(BASE64URL, 170)}=${r.text(`${DIGITS}ABCDEF`, 8)}`,
  ),
  token(
    'azure-devops-pat',
    'https://learn.microsoft.com/en-us/purview/sit-defn-azure-devops-personal-access-token',
    ['azure_devops_pat', 'system_accesstoken', 'ado_token'],
    (r) => `${r.text(ALNUM, 76)}AZDO${r.text(ALNUM, 4)}`,
  ),
  named(
    'azure-devops-pat-old',
    'https://learn.microsoft.com/en-us/purview/sit-defn-azure-devops-personal-access-token',
    ['azure_devops_pat', 'ado_token', 'vsts_token'],
    (r) => r.text(BASE32.toLowerCase(), 52),
  ),
  token('npm', 'https://github.blog/changelog/2021-09-23-npm-has-a-new-access-token-format/', ['npm_token'], (r) => {
    const body = r.text(ALNUM, 30)
    return `npm_${body}${checksum62(body)}`
  }),
  token(
    'pypi',
    'https://github.com/pypi/warehouse/blob/main/warehouse/macaroons/services.py',
    ['pypi_token', 'twine_password'],
    // A macaroon: version 2, then a field of eight characters (the page names the host), in base64url.
    (r) => {
      const head = Buffer.concat([Buffer.from([2, 1, 8]), Buffer.from(['pypi', '.org'].join('')), r.bytes(115)])
      return `pypi-${head.toString('base64url')}`
    },
  ),
  token(
    'rubygems',
    'https://guides.rubygems.org/api-key-scopes/',
    ['rubygems_api_key', 'gem_host_api_key'],
    (r) => `rubygems_${r.text(HEX, 48)}`,
  ),
  token(
    'crates-io',
    'https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns',
    ['cargo_registry_token', 'crates_token'],
    (r) => `cio${r.text(ALNUM, 32)}`,
  ),
  token(
    'docker-hub',
    'https://docs.docker.com/security/access-tokens/',
    ['docker_password', 'dockerhub_token'],
    (r) => `dckr_${r.pick(['pat', 'oat'])}_${r.text(BASE64URL, 27)}`,
  ),
  token(
    'nuget',
    'https://learn.microsoft.com/en-us/nuget/nuget-org/publish-a-package#create-an-api-key',
    ['nuget_api_key'],
    (r) => `oy2${r.text(LOWER_ALNUM, 43)}`,
  ),
  token(
    'clojars',
    'https://github.com/clojars/clojars-web/wiki/Deploy-Tokens',
    ['clojars_password'],
    (r) => `CLOJARS_${r.text(HEX, 60)}`,
  ),
  token(
    'artifactory',
    'https://jfrog.com/help/r/jfrog-platform-administration-documentation/api-key',
    ['artifactory_api_key', 'jfrog_token'],
    (r) => `AKCp${r.pick(['5', '8'])}${r.text(ALNUM, 68)}`,
  ),
  token(
    'artifactory-reference',
    'https://jfrog.com/help/r/jfrog-platform-administration-documentation/reference-token',
    ['artifactory_token', 'jfrog_access_token'],
    // "reftkn:01:…" in base64.
    (r) => Buffer.from(`reftkn:01:${r.text(DIGITS, 10)}:${r.text(ALNUM, 27)}`).toString('base64'),
  ),
  token(
    'circleci',
    'https://circleci.com/docs/managing-api-tokens/',
    ['circleci_token', 'circle_token'],
    (r) => `CCIPAT_${r.text(ALNUM, 22)}_${r.text(HEX, 40)}`,
  ),
  token(
    'buildkite',
    'https://buildkite.com/docs/apis/managing-api-tokens',
    ['buildkite_api_token'],
    (r) => `bkua_${r.text(HEX, 40)}`,
  ),
  token('sonarqube', 'https://docs.sonarsource.com/sonarqube/latest/user-guide/user-token/', ['sonar_token'], (r) => {
    return `${r.pick(['squ', 'sqp', 'sqa'])}_${r.text(HEX, 40)}`
  }),
  token(
    'terraform-cloud',
    'https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens',
    ['tf_token', 'tfe_token', 'terraform_token'],
    (r) => `${r.text(ALNUM, 14)}.atlasv1.${r.text(ALNUM, 67)}`,
  ),
  token(
    'pulumi',
    'https://www.pulumi.com/docs/pulumi-cloud/access-management/access-tokens/',
    ['pulumi_access_token'],
    (r) => {
      return `pul-${r.text(HEX, 40)}`
    },
  ),
  token('vault', 'https://developer.hashicorp.com/vault/docs/concepts/tokens#token-prefixes', ['vault_token'], (r) => {
    return `${r.pick(['hvs', 'hvb'])}.${r.between(BASE64URL, 90, 110)}`
  }),
  token(
    'vault-old',
    'https://developer.hashicorp.com/vault/docs/concepts/tokens#token-prefixes',
    ['vault_token'],
    (r) => {
      return `s.${r.text(ALNUM, 24)}`
    },
  ),
  token('hugging-face', 'https://huggingface.co/docs/hub/security-tokens', ['hf_token', 'huggingface_token'], (r) => {
    return `hf_${r.text(ALNUM.slice(10), 34)}`
  }),
  named('heroku', 'https://devcenter.heroku.com/articles/platform-api-quickstart', ['heroku_api_key'], (r) => uuid(r)),
  token('heroku-prefixed', 'https://devcenter.heroku.com/changelog-items/2842', ['heroku_api_key'], (r) => {
    return `HRKU-AA${r.text(BASE64URL, 58)}`
  }),
  token(
    'postman',
    'https://learning.postman.com/docs/developer/postman-api/authentication/',
    ['postman_api_key'],
    (r) => `PMAK-${r.text(HEX, 24)}-${r.text(HEX, 34)}`,
  ),
  token(
    'launchdarkly',
    'https://launchdarkly.com/docs/home/account/api',
    ['launchdarkly_sdk_key', 'ld_api_token'],
    (r) => `${r.pick(['sdk', 'api'])}-${uuid(r)}`,
  ),
  token(
    'doppler',
    'https://docs.doppler.com/reference/auth-token-formats',
    ['doppler_token'],
    (r) => `dp.${r.pick(['pt', 'ct', 'sa'])}.${r.text(ALNUM, 43)}`,
  ),
  token(
    'new-relic-user',
    'https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/',
    ['new_relic_api_key'],
    (r) => {
      return `NRAK-${r.text(UPPER_ALNUM, 27)}`
    },
  ),
  named(
    'new-relic-license',
    'https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/',
    ['new_relic_license_key'],
    (r) => `${r.text(HEX, 36)}NRAL`,
  ),
]
