/**
 * Editors and whole machines in the browser, on which code is written. The editor of github.dev and vscode.dev commits through
 * the API of the forge; the others keep what is written at their own hosts, where nothing but a plain read is known.
 */
import type { ServiceEntry } from '../service-entry.ts'

const EDITORS: Readonly<
  Record<string, { readonly hosts: readonly string[]; readonly repositories?: readonly string[] }>
> = {
  'github-dev': { hosts: ['github.dev', '*.github.dev'], repositories: ['github.com'] },
  'vscode-dev': { hosts: ['vscode.dev', '*.vscode.dev', 'online.visualstudio.com', '*.online.visualstudio.com'] },
  gitpod: { hosts: ['gitpod.io', '*.gitpod.io', '*.gitpod.cloud', '*.gitpod.dev', 'app.ona.com'] },
  'stackblitz-containers': { hosts: ['*.webcontainer.io', '*.webcontainer-api.io'] },
  'codesandbox-previews': { hosts: ['*.csb.app'] },
  codeanywhere: { hosts: ['codeanywhere.com', '*.codeanywhere.com'] },
  'cloud-shell': { hosts: ['shell.cloud.google.com', '*.cloudshell.dev'] },
  'cloud-workstations': { hosts: ['*.cloudworkstations.dev'] },
  'firebase-studio': { hosts: ['idx.google.com', 'studio.firebase.google.com', '*.idx.dev'] },
  codepen: { hosts: ['codepen.io', '*.codepen.io'] },
  jsfiddle: { hosts: ['jsfiddle.net', '*.jsfiddle.net'] },
  jsbin: { hosts: ['jsbin.com', '*.jsbin.com'] },
  'glitch-editor': { hosts: ['glitch.com', '*.glitch.com'] },
}

export const WEB_EDITORS: readonly ServiceEntry[] = Object.entries(EDITORS).map(([id, { hosts, repositories }]) => {
  const named = repositories === undefined ? {} : { repositories }
  return {
    id,
    kind: 'web',
    category: 'code-repository',
    foldsCase: true,
    surfaces: [{ hosts, ...named, reads: 'web-read', routes: [] }],
  }
})
