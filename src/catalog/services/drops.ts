/** Drops: what is put or posted there is the file, by whatever path; only the reading of some is known well enough to say so. */
import { knownByHost, type Route, rowsFor, type ServiceEntry, webService, webSurface } from '../service-entry.ts'

const ANY_UPLOAD: readonly Route[] = rowsFor(['POST', 'PUT', 'PATCH'], 'file-upload', ['/**'])

const WETRANSFER: readonly Route[] = [
  // The bytes go to a bucket whose address stands in the answer.
  ...rowsFor(['POST'], 'file-upload', ['/api/{version}/transfers/{id}/files/{file}/part-put-url'], {
    announces: { in: 'json', field: 'url' },
  }),
  ...ANY_UPLOAD,
]

const GOFILE_API: readonly Route[] = [
  ...rowsFor(['PUT'], 'access-write', ['/contents/{id}/update']),
  ...rowsFor(['POST', 'DELETE'], 'access-write', ['/contents/{id}/directlinks/**']),
  ...rowsFor(['POST'], 'file-write', ['/contents/createFolder', '/contents/copy', '/contents/import']),
  ...rowsFor(['PUT'], 'file-write', ['/contents/move']),
  ...rowsFor(['DELETE'], 'file-write', ['/contents']),
  ...rowsFor(['POST'], 'account-write', ['/accounts', '/accounts/{id}/resettoken']),
  ...rowsFor(['GET'], 'api-read', ['/servers', '/contents/{id}', '/accounts/getid', '/accounts/{id}']),
  ...ANY_UPLOAD,
]

const PIXELDRAIN: readonly Route[] = [
  ...rowsFor(['DELETE'], 'file-write', ['/api/file/{id}', '/api/filesystem/**']),
  ...rowsFor(['GET'], 'download', ['/api/file/{id}']),
  ...rowsFor(['GET'], 'api-read', ['/api/file/{id}/info', '/api/list/{id}', '/api/user', '/api/user/files']),
  ...ANY_UPLOAD,
]

const PLAIN_DROPS = knownByHost(
  'file-sharing',
  {
    'transfer-sh': ['transfer.sh', '*.transfer.sh'],
    'file-io': ['file.io', '*.file.io'],
    '0x0': ['0x0.st', '*.0x0.st', '0x0.la'],
    x0: ['x0.at', '*.x0.at'],
    'temp-sh': ['temp.sh'],
    bashupload: ['bashupload.com', 'bashupload.app'],
    oshi: ['oshi.at'],
    'chunk-io': ['chunk.io'],
    ufile: ['ufile.io', '*.ufile.io', 'uploadfiles.io'],
    filebin: ['filebin.net', '*.filebin.net', 'filebin.ca'],
    '1fichier': ['1fichier.com', '*.1fichier.com'],
    sendspace: ['sendspace.com', '*.sendspace.com'],
    anonfiles: ['anonfiles.com', '*.anonfiles.com', 'anonfile.com', '*.anonfile.com', 'anonymfile.com', 'bayfiles.com'],
    'send-exploit': ['send.exploit.in'],
    // Forks of Firefox Send; the file itself goes through a WebSocket, which is an upgrade and no request.
    'firefox-send': ['send.vis.ee', 'send.zcyph.cc', 'send.mni.li', 'send.adminforge.de'],
    swisstransfer: ['swisstransfer.com', '*.swisstransfer.com'],
    smash: ['fromsmash.com', '*.fromsmash.com'],
    filemail: ['filemail.com', '*.filemail.com'],
    transfernow: ['transfernow.net', '*.transfernow.net'],
    krakenfiles: ['krakenfiles.com', '*.krakenfiles.com'],
    uguu: ['uguu.se', '*.uguu.se'],
    tmpfiles: ['tmpfiles.org'],
    wormhole: ['wormhole.app', '*.wormhole.app'],
    keepsh: ['keep.sh', '*.keep.sh'],
    rapidgator: ['rapidgator.net', '*.rapidgator.net'],
    uploaded: ['ul.to', 'uploaded.net'],
    zippyshare: ['zippyshare.com', '*.zippyshare.com'],
    workupload: ['workupload.com', '*.workupload.com'],
    buzzheavier: ['buzzheavier.com', '*.buzzheavier.com'],
    'qu-ax': ['qu.ax'],
    fileditch: ['fileditch.com', '*.fileditch.com'],
    dropmefiles: ['dropmefiles.com', '*.dropmefiles.com'],
    easyupload: ['easyupload.io', '*.easyupload.io'],
    limewire: ['limewire.com', '*.limewire.com'],
    'send-now': ['send.now', '*.send.now'],
    pomf: ['pomf.lain.la', '*.pomf.lain.la'],
    imgur: ['imgur.com', '*.imgur.com'],
  },
  ANY_UPLOAD,
)

export const DROPS: readonly ServiceEntry[] = [
  webService(
    'wetransfer',
    'file-sharing',
    webSurface(
      'web-read',
      ['wetransfer.com', '*.wetransfer.com', 'wetransfer.net', '*.wetransfer.net', 'we.tl'],
      WETRANSFER,
    ),
  ),
  webService(
    'gofile',
    'file-sharing',
    webSurface('api-read', ['api.gofile.io'], GOFILE_API),
    webSurface('web-read', ['gofile.io', '*.gofile.io'], ANY_UPLOAD),
  ),
  webService('pixeldrain', 'file-sharing', webSurface('web-read', ['pixeldrain.com', '*.pixeldrain.com'], PIXELDRAIN)),
  webService(
    'catbox',
    'file-sharing',
    // These serve files and take none.
    webSurface('download', ['files.catbox.moe', 'litter.catbox.moe'], rowsFor(['GET'], 'download', ['/{file}'])),
    webSurface('web-read', ['catbox.moe', '*.catbox.moe'], ANY_UPLOAD),
  ),
  ...PLAIN_DROPS,
]
