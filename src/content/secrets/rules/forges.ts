/** Credentials of code hosts, build services and package registries, by the shapes that they document. */
import { patternRule as rule } from '../pattern-rule.ts'
import type { SecretRule } from '../rule.ts'

const END = '(?![A-Za-z0-9_-])'
const END_ALNUM = '(?![A-Za-z0-9])'

export const FORGE_RULES: readonly SecretRule[] = [
  // The last form is a JWT behind an installation's number.
  rule(
    'github-token',
    'an access token of GitHub',
    ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'],
    `gh[pousr]_(?:[A-Za-z0-9]{36,251}${END_ALNUM}|[0-9]{1,20}_[\\w-]{10,300}\\.[\\w-]{10,800}\\.[\\w-]{10,400})`,
    { after: 1600 },
  ),
  rule(
    'github-fine-grained-token',
    'a fine-grained access token of GitHub',
    ['github_pat_'],
    `github_pat_[A-Za-z0-9_]{80,255}`,
  ),
  rule(
    'gitlab-token',
    'an access token of GitLab',
    [
      'glpat-',
      'gldt-',
      'glrt-',
      'glrtr-',
      'glcbt-',
      'glptt-',
      'glft-',
      'glimt-',
      'glagent-',
      'gloas-',
      'glsoat-',
      'glffct-',
      'glwt-',
    ],
    'gl(?:pat|dt|rtr?|cbt|ptt|ft|imt|agent|oas|soat|ffct|wt)-(?:t[0-9]_)?[A-Za-z0-9_-]{20,300}(?:\\.[0-9a-z]{2}\\.[0-9a-z]{9})?',
  ),
  rule('gitlab-runner-registration', 'a registration token of GitLab runners', ['gr1348941'], 'GR1348941[\\w-]{20,50}'),
  rule(
    'bitbucket-app-password',
    'an app password of Bitbucket',
    ['atbb'],
    `ATBB[A-Za-z0-9]{24}[A-F0-9]{8}${END_ALNUM}`,
  ),
  rule(
    'atlassian-token',
    'an API token of Atlassian',
    ['atatt3', 'atctt3', 'atcts', 'atoa', 'atta', 'atst'],
    `(?:AT(?:ATT3|CTT3)[\\w=-]{60,400}|ATOA[\\w-]{40,200}|ATTA[a-f0-9]{64}|ATCTS[\\w=-]{40,400})`,
    { after: 500 },
  ),
  rule(
    'azure-devops-token',
    'a personal access token of Azure DevOps',
    ['azdo'],
    `[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}${END_ALNUM}`,
    {
      before: 84,
      after: 12,
    },
  ),
  rule('npm-token', 'an access token of npm', ['npm_'], `npm_[A-Za-z0-9]{36}${END_ALNUM}`),
  rule(
    'npmrc-credential',
    'a credential in an .npmrc',
    [':_authtoken', ':_auth', ':_password'],
    ':_(?:authToken|auth|password)\\s{0,3}=\\s{0,3}"?([A-Za-z0-9+/=_.-]{16,500})',
    {
      group: 1,
      rank: 2,
      isInner: true,
      after: 560,
    },
  ),
  rule('pypi-token', 'an API token of PyPI', ['pypi-ag'], 'pypi-Ag[A-Za-z0-9_-]{50,1000}', { after: 1100 }),
  rule('rubygems-key', 'an API key of RubyGems', ['rubygems_'], `rubygems_[a-f0-9]{48}${END_ALNUM}`),
  rule('crates-io-token', 'an API token of crates.io', ['cio'], `cio[A-Za-z0-9]{32}${END}`, {
    entropyMin: 3.8,
    after: 48,
  }),
  rule(
    'docker-hub-token',
    'an access token of Docker Hub',
    ['dckr_pat_', 'dckr_oat_'],
    'dckr_[po]at_[A-Za-z0-9_-]{24,64}',
  ),
  rule('nuget-key', 'an API key of NuGet', ['oy2'], `oy2[a-z0-9]{43}${END_ALNUM}`, { after: 60, entropyMin: 3.4 }),
  rule('clojars-token', 'a deploy token of Clojars', ['clojars_'], `CLOJARS_[a-z0-9]{60}${END_ALNUM}`),
  rule('artifactory-key', 'an API key of Artifactory', ['akcp'], `AKCp[A-Za-z0-9]{65,73}${END_ALNUM}`),
  // "reftkn:01" in base64.
  rule(
    'artifactory-reference-token',
    'a reference token of Artifactory',
    ['cmvmdgtu'],
    'cmVmdGtu[A-Za-z0-9+/=_-]{40,80}',
  ),
  rule(
    'circleci-token',
    'an API token of CircleCI',
    ['ccipat_', 'ccipra_'],
    'CCIP(?:AT|RA)_[A-Za-z0-9]{20,24}_[a-f0-9]{40}',
  ),
  rule(
    'buildkite-token',
    'an API token of Buildkite',
    ['bkua_', 'bkpt_', 'bkct_', 'bkaj_'],
    `bk(?:ua|pt|ct|aj)_[A-Za-z0-9.]{32,64}${END_ALNUM}`,
  ),
  rule('sonarqube-token', 'a token of SonarQube', ['squ_', 'sqp_', 'sqa_'], `sq[upa]_[a-f0-9]{40}${END_ALNUM}`),
  rule(
    'terraform-token',
    'an API token of HCP Terraform',
    ['.atlasv1.'],
    '[A-Za-z0-9]{14}\\.atlasv1\\.[A-Za-z0-9_-]{60,75}',
    { before: 14, after: 100 },
  ),
  rule('pulumi-token', 'an access token of Pulumi', ['pul-'], `pul-[a-f0-9]{40}${END_ALNUM}`),
  rule('vault-token', 'a token of HashiCorp Vault', ['hvs.', 'hvb.', 'hvr.'], `hv[sbr]\\.[A-Za-z0-9_-]{24,300}`),
  rule(
    'vault-old-token',
    'a token of HashiCorp Vault',
    ['"s.', "'s.", '=s.', ' s.', '>s.', ':s.', ',s.'],
    `.(s\\.[A-Za-z0-9]{24})(?![A-Za-z0-9_.(-])`,
    {
      group: 1,
      isInner: true,
      after: 40,
      entropyMin: 3.7,
      check: (secret) => /[0-9]/.test(secret) && /[A-Z].*[A-Z]/.test(secret) && /[a-z]/.test(secret.slice(2)),
    },
  ),
  rule(
    'hugging-face-token',
    'an access token of Hugging Face',
    ['hf_', 'api_org_'],
    `(?:hf|api_org)_[A-Za-z0-9]{34,40}${END}`,
    { entropyMin: 3.5 },
  ),
  rule('heroku-key', 'an API key of Heroku', ['hrku-'], 'HRKU-[A-Za-z0-9_-]{30,70}'),
  rule('postman-key', 'an API key of Postman', ['pmak-'], 'PMAK-[a-f0-9]{24}-[a-f0-9]{34}'),
  rule(
    'launchdarkly-key',
    'a key of LaunchDarkly',
    ['sdk-', 'api-'],
    `(?:sdk|api)-[a-f0-9]{8}-[a-f0-9]{4}-[1-5][a-f0-9]{3}-[89ab][a-f0-9]{3}-[a-f0-9]{12}${END}`,
    { after: 48 },
  ),
  rule(
    'doppler-token',
    'a token of Doppler',
    ['dp.pt.', 'dp.ct.', 'dp.st.', 'dp.sa.', 'dp.scim.', 'dp.audit.'],
    'dp\\.(?:pt|ct|sa|scim|audit|st(?:\\.[a-z0-9_-]{2,35})?)\\.[A-Za-z0-9]{40,44}',
  ),
  rule(
    'new-relic-key',
    'a key of New Relic',
    ['nrak-', 'nrii-', 'nraa-', 'nrra-', 'nrjs-'],
    `NR(?:AK-[A-Z0-9]{27}|II-[A-Za-z0-9_-]{32}|AA-[a-f0-9]{27}|RA-[a-f0-9]{42}|JS-[a-f0-9]{19})${END_ALNUM}`,
  ),
  rule('new-relic-license', 'a license key of New Relic', ['nral'], `[a-f0-9]{36}(?:FFFF)?NRAL${END_ALNUM}`, {
    before: 42,
    after: 6,
  }),
]
