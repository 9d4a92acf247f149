/** Drives of which little more is known than where their files go. Their other POSTs ask and write alike, and stay unknown. */
import {
  knownByHost,
  type Route,
  rowsFor,
  type ServiceEntry,
  signIns,
  webService,
  webSurface,
} from '../service-entry.ts'
import { WEBDAV } from './webdav.ts'

const MEDIAFIRE: readonly Route[] = [
  ...rowsFor(['POST', 'PUT'], 'file-upload', ['/api/upload/**', '/api/{version}/upload/**']),
  ...signIns('/api/user/get_session_token.php', '/api/{version}/user/get_session_token.php'),
]

const PROTON: readonly Route[] = [
  ...rowsFor(['POST'], 'file-upload', ['/drive/blocks', '/api/drive/blocks'], {
    announces: { in: 'json', field: 'UploadLinks.*.BareURL' },
  }),
]

const BYTES: readonly Route[] = [
  ...rowsFor(['POST', 'PUT'], 'file-upload', ['/**']),
  ...rowsFor(['GET'], 'download', ['/**']),
]

export const DRIVES: readonly ServiceEntry[] = [
  webService(
    'icloud',
    'file-sharing',
    // The bytes of its drive, of shares and backups; what goes where is asked at www.icloud.com and hosts that serve much else.
    webSurface('download', ['*.icloud-content.com'], BYTES),
    webSurface('web-read', ['www.icloud.com']),
  ),
  webService(
    'proton-drive',
    'file-sharing',
    webSurface('web-read', ['drive.proton.me', 'drive-api.proton.me'], PROTON),
    webSurface('download', ['*.storage.proton.me'], BYTES),
  ),
  webService('mediafire', 'file-sharing', webSurface('web-read', ['mediafire.com', '*.mediafire.com'], MEDIAFIRE)),
  webService(
    'koofr',
    'file-sharing',
    webSurface(
      'web-read',
      ['koofr.net', '*.koofr.net', 'app.koofr.eu'],
      rowsFor(['POST'], 'file-upload', ['/content/api/{version}/mounts/{id}/files/put']),
      rowsFor(['PUT'], 'file-upload', ['/dav/**']),
      rowsFor(['DELETE'], 'file-write', ['/dav/**']),
      rowsFor(['GET'], 'download', ['/dav/**']),
    ),
  ),
  webService(
    'icedrive',
    'file-sharing',
    webSurface('download', ['webdav.icedrive.io'], WEBDAV),
    webSurface('web-read', ['icedrive.net', '*.icedrive.net', '*.icedrive.io']),
  ),
  webService(
    'opendrive',
    'file-sharing',
    webSurface('download', ['webdav.opendrive.com'], WEBDAV),
    webSurface(
      'web-read',
      ['opendrive.com', '*.opendrive.com'],
      rowsFor(['POST'], 'file-upload', ['/api/{version}/upload/**', '/api/upload/**', '/{version}/upload/**']),
    ),
  ),
  webService(
    'mail-ru-cloud',
    'file-sharing',
    webSurface('download', ['webdav.cloud.mail.ru'], WEBDAV),
    webSurface(
      'web-read',
      ['cloud.mail.ru', '*.cloud.mail.ru', '*.cldmail.ru'],
      rowsFor(['PUT'], 'file-upload', ['/**']),
    ),
  ),
  ...knownByHost('file-sharing', {
    terabox: ['terabox.com', '*.terabox.com', '*.1024tera.com'],
    sync: ['sync.com', '*.sync.com'],
    tresorit: ['tresorit.com', '*.tresorit.com'],
    spideroak: ['spideroak.com', '*.spideroak.com'],
    jottacloud: ['jottacloud.com', '*.jottacloud.com', '*.jottacloud.no'],
    internxt: ['internxt.com', '*.internxt.com'],
    filen: ['filen.io', '*.filen.io', '*.filen.net'],
    degoo: ['degoo.com', '*.degoo.com'],
    '4shared': ['4shared.com', '*.4shared.com'],
  }),
]
