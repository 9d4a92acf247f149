/** A small page for a person with a browser; it loads nothing and runs nothing. */
import type { RefusalForm } from './form.ts'

export const htmlForm: RefusalForm = {
  id: 'html',
  render(refusal, asker) {
    if (!/\btext\/html\b/i.test(asker.accept)) return null
    const rule = refusal.rule === null ? '' : `<dt>Rule</dt><dd>${escapeHtml(refusal.rule)}</dd>`
    return {
      status: refusal.status,
      contentType: 'text/html; charset=utf-8',
      body: `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Refused by Weir</title>
<style>
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem; color: #1b1f24; background: #fff }
  h1 { font-size: 1.4rem } dt { color: #57606a; font-size: .85rem } dd { margin: 0 0 .6rem; overflow-wrap: anywhere }
  @media (prefers-color-scheme: dark) { body { color: #e6edf3; background: #0d1117 } dt { color: #9198a1 } }
</style>
<h1>This request was not sent</h1>
<p>${escapeHtml(refusal.message)}</p>
<dl><dt>Asked for</dt><dd>${escapeHtml(asker.method)} ${escapeHtml(asker.host)}</dd>${rule}<dt>Event</dt><dd>${escapeHtml(refusal.eventId)}</dd></dl>
</html>
`,
    }
  },
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}
