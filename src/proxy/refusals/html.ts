/** A small page for a person with a browser; it loads nothing and runs nothing. */
import type { Refusal, RefusalForm } from './form.ts'

export const htmlForm: RefusalForm = {
  id: 'html',
  render(refusal, asker) {
    if (!/\btext\/html\b/i.test(asker.accept)) return null
    const words = wordsFor(refusal)
    const rule = refusal.rule === null ? '' : `<dt>Rule</dt><dd>${escapeHtml(refusal.rule)}</dd>`
    return {
      status: refusal.status,
      contentType: 'text/html; charset=utf-8',
      body: `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${words.title}</title>
<style>${STYLE}</style>
<main>
<p class="mark">Weir</p>
<h1>${words.heading}</h1>
<p class="why">${escapeHtml(refusal.message)}</p>
<dl>
<dt>Asked for</dt><dd>${escapeHtml(asker.method)} ${escapeHtml(asker.host)}</dd>
${rule}
<dt>Event</dt><dd><code>${escapeHtml(refusal.eventId)}</code></dd>
</dl>
<p class="next">${words.next}</p>
</main>
</html>
`,
    }
  },
}

function wordsFor(refusal: Refusal): { readonly title: string; readonly heading: string; readonly next: string } {
  if (refusal.status >= 500) {
    const next = 'Try again in a moment. If it goes on, give the event to whoever runs this proxy.'
    return { title: 'No answer through Weir', heading: 'This request got no answer', next }
  }
  const next = 'If you need it, give the event to whoever runs this proxy.'
  return { title: 'Refused by Weir', heading: 'This request was not sent', next }
}

const STYLE = `
  :root { color-scheme: light dark; --page: #f3f5f8; --card: #fff; --text: #1b1f24; --quiet: #59636e; --line: #d7dde4; --mark: #b4540a }
  @media (prefers-color-scheme: dark) { :root { --page: #0d1117; --card: #161b22; --text: #e6edf3; --quiet: #9198a1; --line: #30363d; --mark: #f0a35e } }
  * { box-sizing: border-box }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; background: var(--page); color: var(--text); font: 1rem/1.55 system-ui, sans-serif }
  main { width: 100%; max-width: 36rem; padding: 2rem; background: var(--card); border: 1px solid var(--line); border-top: 4px solid var(--mark); border-radius: .6rem }
  .mark { margin: 0; color: var(--mark); font-size: .8rem; font-weight: 600; letter-spacing: .08em; text-transform: uppercase }
  h1 { margin: .3rem 0 1rem; font-size: 1.5rem; line-height: 1.25; text-wrap: balance }
  .why { margin: 0 0 1.5rem; font-size: 1.08rem; overflow-wrap: anywhere; text-wrap: pretty }
  .why::first-letter { text-transform: uppercase }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: .4rem 1.2rem; margin: 0; padding: 1rem 0; border: solid var(--line); border-width: 1px 0 }
  dt { color: var(--quiet) } dd { margin: 0; overflow-wrap: anywhere }
  code { font: .95em ui-monospace, monospace; user-select: all }
  .next { margin: 1rem 0 0; color: var(--quiet); font-size: .92rem }
`

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
