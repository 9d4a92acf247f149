/** The pages of the fake forge, as far as what a browser does with them matters: forms, scripts, and files of other hosts. */

/** The site whose page it is: each names its forms and their fields as the real one does. */
export interface Site {
  readonly host: string
  readonly signIn: { readonly page: string; readonly action: string; readonly user: string; readonly password: string }
  /** Below OWNER/REPO. */
  readonly upload: string
  readonly uploadField: string
  /** What a page's script sends to write this file, other than the form. */
  readonly api: (repository: string, file: string) => { readonly method: string; readonly url: string }
}

export const GITHUB: Site = {
  host: 'github.com',
  signIn: { page: '/login', action: '/session', user: 'login', password: 'password' },
  upload: 'upload/main',
  uploadField: 'files[]',
  api: (repository, file) => ({ method: 'PUT', url: `https://api.github.com/repos/${repository}/contents/${file}` }),
}

export const GITLAB: Site = {
  host: 'gitlab.com',
  signIn: { page: '/users/sign_in', action: '/users/sign_in', user: 'user[login]', password: 'user[password]' },
  upload: '-/create/main',
  uploadField: 'file',
  api: (repository, file) => ({
    method: 'POST',
    url: `https://gitlab.com/api/v4/projects/${encodeURIComponent(repository)}/repository/files/${file}`,
  }),
}

export function signInPage({ signIn }: Site, token: string): string {
  return page(
    'Sign in',
    `<form method="post" action="${signIn.action}">
<input type="hidden" name="authenticity_token" value="${token}">
<label>Username <input name="${signIn.user}" autocomplete="username"></label>
<label>Password <input name="${signIn.password}" type="password" autocomplete="current-password"></label>
<button>Sign in</button>
</form>`,
  )
}

export function homePage(user: string | null): string {
  return page('Home', user === null ? '<p>You are not signed in.</p>' : `<p>Signed in as <b id="user">${user}</b></p>`)
}

/** Its picture comes from another host, and its script counts the visit there. */
export function repositoryPage(repository: string, files: readonly string[]): string {
  const picture = `https://raw.githubusercontent.com/${repository}/main/logo.svg`
  return page(
    repository,
    `<img alt="logo" width="64" height="64" src="${picture}">
<ul>${files.map((file) => `<li>${file}</li>`).join('')}</ul>
<script src="/assets/visit.js"></script>`,
  )
}

/** One file, sent by the form, or by a script to the site itself or to its API. */
export function uploadPage(site: Site, repository: string, token: string | null): string {
  const action = `https://${site.host}/${repository}/${site.upload}`
  return page(
    `Upload to ${repository}`,
    `<form method="post" enctype="multipart/form-data" action="${action}">
${token === null ? '' : `<input type="hidden" name="authenticity_token" value="${token}">`}
<label>File <input type="file" name="${site.uploadField}"></label>
<button>Commit changes</button>
</form>
<p><button id="by-site" data-method="POST" data-url="${action}">Upload by script</button>
<button id="by-api" data-method="${site.api(repository, 'notes.txt').method}" data-url="${site.api(repository, 'notes.txt').url}">Upload by API</button></p>
<pre id="answer"></pre>
<script src="/assets/upload.js"></script>`,
  )
}

export const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4" fill="#2a7"/></svg>`

export const STYLE =
  'body { font: 1rem/1.5 sans-serif; margin: 2rem; color: #123 } label { display: block; margin: .5rem 0 }'

export const VISIT = `navigator.sendBeacon('https://api.github.com/_private/browser/stats', JSON.stringify({ page: location.pathname }))`

/** Shows what a script may know of the answer: status, type, event and body, or only that there is none. */
export const UPLOAD = `
const form = document.querySelector('form')
const answer = document.querySelector('#answer')

async function contentOf(file) {
  const url = await new Promise((done) => {
    const reader = new FileReader()
    reader.onload = () => done(reader.result)
    reader.readAsDataURL(file)
  })
  return url.slice(url.indexOf(',') + 1)
}

async function send(how, { method, url }) {
  const accept = 'application/json'
  if (how === 'by-site') return fetch(url, { method, headers: { accept }, body: new FormData(form) })
  const content = await contentOf(form.querySelector('[type=file]').files[0])
  const headers = { accept, 'content-type': 'application/json', authorization: 'Bearer token-of-ada' }
  const message = { message: 'Add notes', commit_message: 'Add notes', branch: 'main', encoding: 'base64', content }
  return fetch(url, { method, headers, body: JSON.stringify(message) })
}

for (const button of document.querySelectorAll('[data-url]')) {
  button.onclick = async () => {
    answer.textContent = ''
    try {
      const response = await send(button.id, button.dataset)
      const told = { status: response.status, type: response.headers.get('content-type'), event: response.headers.get('weir-event') }
      answer.textContent = JSON.stringify({ ...told, body: await response.json() }, null, 1)
    } catch (error) {
      answer.textContent = JSON.stringify({ error: String(error) })
    }
  }
}
`

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${title}</title>
<link rel="stylesheet" href="/assets/site.css">
<h1>${title}</h1>
${content}
</html>
`
}
