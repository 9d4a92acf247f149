/** All forms of a refusal, the most particular first; the last one speaks to everybody. */
import type { Asker, Refusal, RefusalForm, Rendered } from './form.ts'
import { gitForm } from './git.ts'
import { gitPushForm } from './git-push.ts'
import { githubApiForm } from './github-api.ts'
import { htmlForm } from './html.ts'
import { problemJsonForm } from './problem-json.ts'

const FORMS: readonly RefusalForm[] = [gitPushForm, gitForm, githubApiForm, htmlForm, problemJsonForm]

export function renderRefusal(refusal: Refusal, asker: Asker): Rendered {
  for (const form of FORMS) {
    const rendered = form.render(refusal, asker)
    if (rendered !== null) return rendered
  }
  throw new Error('the last form must render every refusal')
}
