/**
 * Hugging Face: git with LFS, the API of its hub (huggingface.co/docs/hub/api), and the models that it runs. Models are named
 * OWNER/NAME, as git names them; data sets and spaces have `datasets` or `spaces` in front.
 */
import { mount, type Route, type ServiceEntry, signIns, WRITES, writes } from '../service-entry.ts'

const HOST = 'huggingface.co'

const REPOSITORY: readonly Route[] = [
  { methods: ['GET'], path: '/**', operation: 'api-read' },
  { methods: ['POST'], path: '/commit/**', operation: 'file-write' },
  // It asks how files are to be sent, and shows the beginning of each.
  { methods: ['POST'], path: '/preupload/**', operation: 'file-write' },
  { methods: ['POST', 'DELETE'], path: '/branch/**', operation: 'ref-write' },
  { methods: ['POST', 'DELETE'], path: '/tag/**', operation: 'ref-write' },
  { methods: ['POST'], path: '/super-squash/**', operation: 'ref-write' },
  { methods: ['POST'], path: '/discussions/{number}/merge', operation: 'ref-write' },
  { methods: WRITES, path: '/discussions/**', operation: 'issue-write' },
  { methods: WRITES, path: '/settings', operation: 'repo-visibility' },
  { methods: WRITES, path: '/secrets/**', operation: 'secret-write' },
  // Variables are secrets that nobody hides.
  { methods: WRITES, path: '/variables/**', operation: 'secret-write' },
  { methods: ['POST'], path: '/duplicate', operation: 'repo-create', lands: 'unknown' },
  ...['restart', 'pause', 'sleeptime', 'hardware', 'storage', 'dev-mode'].map((what): Route => {
    return { methods: WRITES, path: `/${what}`, operation: 'compute-admin' }
  }),
]

const API: readonly Route[] = [
  ...writes(
    {
      '/repos/create': 'repo-create',
      '/repos/delete': 'repo-delete',
      '/repos/move': 'repo-transfer',
      // It puts the parts of a large file together; the address says which upload, and not of which repository.
      '/complete_multipart': 'lfs-upload',
    },
    'unknown',
  ),
  ...writes({ '/settings/webhooks/**': 'hook-add', '/collections/**': 'issue-write' }, 'none'),
  ...mount('/models/{owner}/{repo}', REPOSITORY),
  // `{path}` keeps the word in front, as git's address does.
  ...REPOSITORY.filter(({ path }) => path !== '/**').map((route) => ({ ...route, path: `/{path}${route.path}` })),
]

export const HUGGING_FACE: ServiceEntry = {
  id: 'hugging-face',
  kind: 'git',
  category: 'code-repository',
  foldsCase: true,
  surfaces: [
    { hosts: [HOST], below: '/api', repositories: [HOST], reads: 'api-read', reserved: ['models'], routes: API },
    {
      hosts: [HOST],
      repositories: [HOST],
      reads: 'web-read',
      git: 'path',
      routes: signIns('/login', '/logout', '/oauth/token', '/oauth/device'),
    },
    {
      hosts: ['router.huggingface.co', 'api-inference.huggingface.co'],
      reads: 'api-read',
      unmatched: 'none',
      routes: [{ methods: ['POST', 'PUT'], path: '/**', operation: 'ai-prompt' }],
    },
    {
      // Where the contents of large files go, in pieces; the token says for which repository.
      hosts: ['*.xethub.hf.co'],
      repositories: [HOST],
      reads: 'download',
      routes: writes({ '/**': 'lfs-upload' }, 'unknown'),
    },
    { hosts: ['*.huggingface.co', 'hf.co', '*.hf.co'], repositories: [HOST], reads: 'web-read', routes: [] },
  ],
}
