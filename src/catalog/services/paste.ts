/** Text drops: what is posted there is the text, by whatever path, and nobody but pastebin.com has a sign-in worth knowing. */
import { knownByHost, type Route, rowsFor, type ServiceEntry, webService, webSurface } from '../service-entry.ts'

const ANY_PASTE: readonly Route[] = rowsFor(['POST', 'PUT', 'PATCH'], 'paste', ['/**'])

const PASTEBIN = webService(
  'pastebin',
  'paste',
  // Its API lists and shows pastes by the same POST that makes one.
  webSurface(
    'web-read',
    ['pastebin.com', '*.pastebin.com'],
    rowsFor(['POST'], 'sign-in', ['/api/api_login.php'], { types: ['application/x-www-form-urlencoded'] }),
    ANY_PASTE,
  ),
)

const OTHERS = knownByHost(
  'paste',
  {
    'paste-ee': ['paste.ee', '*.paste.ee'],
    'pastebin-pl': ['pastebin.pl'],
    pastetext: ['pastetext.net'],
    hastebin: ['hastebin.com', '*.hastebin.com'],
    ghostbin: ['ghostbin.co', 'ghostbin.com'],
    controlc: ['controlc.com'],
    zerobin: ['zerobin.net'],
    privatebin: ['privatebin.net', '*.privatebin.net', 'privatebin.info'],
    rentry: ['rentry.co', 'rentry.org'],
    dpaste: ['dpaste.org', 'dpaste.com'],
    'ix-io': ['ix.io'],
    sprunge: ['sprunge.us'],
    termbin: ['termbin.com'],
    'paste-rs': ['paste.rs'],
    'open-pastes': [
      'paste.c-net.org',
      'bpa.st',
      'paste.debian.net',
      'paste.ubuntu.com',
      'paste.opensuse.org',
      'paste.mozilla.org',
    ],
    'paste-sh': ['paste.sh'],
    cl1p: ['cl1p.net'],
    textbin: ['textbin.net'],
    nopaste: ['nopaste.net'],
    'bin-disroot': ['bin.disroot.org'],
    pastelink: ['pastelink.net'],
    justpaste: ['justpaste.it', '*.justpaste.it'],
    codepad: ['codepad.org'],
    ideone: ['ideone.com'],
    jsonbin: ['jsonbin.io', '*.jsonbin.io'],
    telegraph: ['telegra.ph', 'api.telegra.ph', 'graph.org'],
    'secret-notes': ['privnote.com', 'onetimesecret.com', '*.onetimesecret.com', 'yopass.se'],
    'pastes-dev': ['snippet.host', 'pastes.dev', 'api.pastes.dev', 'paste.gg', 'api.paste.gg'],
  },
  ANY_PASTE,
)

export const PASTE: readonly ServiceEntry[] = [PASTEBIN, ...OTHERS]
