/** All forms of a refusal, the most particular first; the last one speaks to everybody. */
import { aiForm } from './ai.ts'
import { awsApiForm } from './aws-api.ts'
import { azureDevopsApiForm } from './azure-devops-api.ts'
import { azureStorageForm } from './azure-storage.ts'
import { bitbucketApiForm } from './bitbucket-api.ts'
import { boxForm } from './box.ts'
import { cargoForm } from './cargo.ts'
import { discordForm } from './discord.ts'
import { dropboxForm } from './dropbox.ts'
import type { Asker, Refusal, RefusalForm, Rendered } from './form.ts'
import { gitForm } from './git.ts'
import { gitLfsForm } from './git-lfs.ts'
import { gitPushForm } from './git-push.ts'
import { giteaApiForm } from './gitea-api.ts'
import { githubApiForm } from './github-api.ts'
import { gitlabApiForm } from './gitlab-api.ts'
import { googleApiForm } from './google-api.ts'
import { grpcForm } from './grpc.ts'
import { htmlForm } from './html.ts'
import { huggingFaceForm } from './hugging-face.ts'
import { megaForm } from './mega.ts'
import { microsoftGraphForm } from './microsoft-graph.ts'
import { npmForm } from './npm.ts'
import { ociForm } from './oci.ts'
import { plainTextForm } from './plain-text.ts'
import { problemJsonForm } from './problem-json.ts'
import { s3Form } from './s3.ts'
import { slackForm } from './slack.ts'
import { telegramForm } from './telegram.ts'
import { webdavForm } from './webdav.ts'

const FORMS: readonly RefusalForm[] = [
  grpcForm,
  gitPushForm,
  gitForm,
  gitLfsForm,
  githubApiForm,
  gitlabApiForm,
  bitbucketApiForm,
  giteaApiForm,
  azureDevopsApiForm,
  megaForm,
  npmForm,
  cargoForm,
  plainTextForm,
  // At all hosts that follow, a person with a browser gets the page.
  htmlForm,
  ociForm,
  huggingFaceForm,
  s3Form,
  awsApiForm,
  azureStorageForm,
  googleApiForm,
  microsoftGraphForm,
  dropboxForm,
  boxForm,
  slackForm,
  discordForm,
  telegramForm,
  aiForm,
  webdavForm,
  problemJsonForm,
]

export function renderRefusal(refusal: Refusal, asker: Asker): Rendered {
  for (const form of FORMS) {
    const rendered = form.render(refusal, asker)
    if (rendered !== null) return rendered
  }
  throw new Error('the last form must render every refusal')
}
