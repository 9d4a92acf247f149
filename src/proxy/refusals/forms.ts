/** All forms of a refusal, the most particular first; the last one speaks to everybody. */
import { azureDevopsApiForm } from './azure-devops-api.ts'
import { bitbucketApiForm } from './bitbucket-api.ts'
import type { Asker, Refusal, RefusalForm, Rendered } from './form.ts'
import { gitForm } from './git.ts'
import { gitLfsForm } from './git-lfs.ts'
import { gitPushForm } from './git-push.ts'
import { giteaApiForm } from './gitea-api.ts'
import { githubApiForm } from './github-api.ts'
import { gitlabApiForm } from './gitlab-api.ts'
import { htmlForm } from './html.ts'
import { megaForm } from './mega.ts'
import { problemJsonForm } from './problem-json.ts'

const FORMS: readonly RefusalForm[] = [
  gitPushForm,
  gitForm,
  gitLfsForm,
  githubApiForm,
  gitlabApiForm,
  bitbucketApiForm,
  giteaApiForm,
  azureDevopsApiForm,
  megaForm,
  htmlForm,
  problemJsonForm,
]

export function renderRefusal(refusal: Refusal, asker: Asker): Rendered {
  for (const form of FORMS) {
    const rendered = form.render(refusal, asker)
    if (rendered !== null) return rendered
  }
  throw new Error('the last form must render every refusal')
}
