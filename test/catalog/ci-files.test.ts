import { describe, expect, it } from 'vitest'
import { isCiFile } from '../../src/catalog/ci-files.ts'

describe('files that a forge runs', () => {
  it.each([
    '.github/workflows/ci.yml',
    '/.github/workflows/deep/ci.yml',
    '.GitHub/Workflows/ci.yml',
    './.github//workflows/ci.yml',
    '.github\\workflows\\ci.yml',
    '.github%2Fworkflows%2fci.yml',
    '%2egithub/workflows/ci.yml',
    '.github/actions/x/index.js',
    '.gitea/workflows/x.yaml',
    '.forgejo/workflows/x.yaml',
    '.gitlab/ci/x.yml',
    '.gitlab-ci.yml',
    'sub/.gitlab-ci.yml',
    '.circleci/config.yml',
    '.woodpecker/x.yml',
    'Jenkinsfile',
    'JENKINSFILE',
    'action.yml',
    'azure-pipelines.yml',
    'docs/../.github/workflows/ci.yml',
    'docs/%2e%2e/README.md',
    '..',
  ])('%s', (path) => expect(isCiFile(path)).toBe(true))

  it.each([
    '',
    '/',
    'README.md',
    '.github/CODEOWNERS',
    '.github/workflows',
    'docs/.github/workflows/ci.yml',
    'xgithub/workflows/ci.yml',
    '.gitlab-ci.yml.md',
    'my.gitlab-ci.yml',
    'Jenkinsfile.md',
    'a..b/c',
    '%zz',
  ])('not %s', (path) => expect(isCiFile(path)).toBe(false))
})
