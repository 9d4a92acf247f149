/** Sites and functions of anyone under a shared name. */
import { knownByHost, type ServiceEntry } from '../service-entry.ts'

export const SITE_HOSTING: readonly ServiceEntry[] = knownByHost('site-hosting', {
  'github-pages': ['*.github.io'],
  'gitlab-pages': ['*.gitlab.io'],
  'codeberg-pages': ['*.codeberg.page'],
  'cloudflare-workers': ['*.workers.dev', '*.pages.dev'],
  netlify: ['*.netlify.app'],
  vercel: ['*.vercel.app', '*.now.sh'],
  heroku: ['*.herokuapp.com'],
  render: ['*.onrender.com'],
  railway: ['*.up.railway.app'],
  fly: ['*.fly.dev'],
  'deno-deploy': ['*.deno.dev'],
  glitch: ['*.glitch.me'],
  'replit-sites': ['*.repl.co', '*.replit.app', '*.replit.dev'],
  firebase: ['*.web.app', '*.firebaseapp.com', '*.firebaseio.com'],
  'google-run': ['*.run.app', '*.cloudfunctions.net', '*.appspot.com'],
  'google-scripts': ['script.google.com', 'script.googleusercontent.com'],
  'azure-sites': ['*.azurewebsites.net', '*.azurestaticapps.net'],
  surge: ['*.surge.sh'],
  pythonanywhere: ['*.pythonanywhere.com'],
})
