/** Text drops. */
import { knownByHost, type ServiceEntry } from '../service-entry.ts'

export const PASTE: readonly ServiceEntry[] = knownByHost(
  'paste',
  {
    pastebin: ['pastebin.com', '*.pastebin.com'],
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
    justpaste: ['justpaste.it', '*.justpaste.it'],
    codepad: ['codepad.org'],
    ideone: ['ideone.com'],
    jsonbin: ['jsonbin.io', '*.jsonbin.io'],
    telegraph: ['telegra.ph', 'api.telegra.ph', 'graph.org'],
    'secret-notes': ['privnote.com', 'onetimesecret.com', '*.onetimesecret.com', 'yopass.se'],
    'pastes-dev': ['snippet.host', 'pastes.dev', 'api.pastes.dev', 'paste.gg', 'api.paste.gg'],
  },
  [{ methods: ['POST', 'PUT'], path: '/**', operation: 'paste' }],
)
