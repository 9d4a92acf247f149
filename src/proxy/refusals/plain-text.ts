/** One line of text, for tools that print a body as it is, or that print no body but the reason phrase. */
import { type RefusalForm, renderText, sentenceOf } from './form.ts'

// Clients of package indexes, by how their User-Agent begins. gem and uv print the body; pip, twine, Maven, Gradle and NuGet
// print the reason phrase, and the body where they are told to say more. wget prints the reason phrase.
const CLIENT = /^(?:pip|twine|uv|poetry|pdm|hatch|rubygems|bundler|apache-maven|gradle|nuget|composer|hex|wget)\b/i

// An incoming webhook answers in a line of text, and its callers print that.
const WEBHOOKS: ReadonlySet<string | null> = new Set(['slack-webhooks', 'teams-webhooks'])

export const plainTextForm: RefusalForm = {
  id: 'plain-text',
  render(refusal, { userAgent, service }) {
    if (!CLIENT.test(userAgent) && !WEBHOOKS.has(service)) return null
    return renderText(refusal.status, sentenceOf(refusal))
  },
}
