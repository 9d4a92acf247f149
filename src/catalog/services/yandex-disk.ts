/** Yandex Disk (its REST API): an upload is asked for by GET, and the answer names the host that takes it. */
import { rowsFor, type ServiceEntry, webService, webSurface } from '../service-entry.ts'
import { WEBDAV } from './webdav.ts'

const API = [
  ...rowsFor(['GET'], 'file-upload', ['/v1/disk/resources/upload', '/v1/disk/app/resources/upload'], {
    announces: { in: 'json', field: 'href' },
  }),
  // A file that Yandex fetches itself.
  ...rowsFor(['POST'], 'file-upload', ['/v1/disk/resources/upload']),
  ...rowsFor(['PUT', 'POST'], 'access-write', ['/v1/disk/resources/publish', '/v1/disk/resources/unpublish']),
  ...rowsFor(['PUT', 'PATCH', 'DELETE'], 'file-write', ['/v1/disk/resources']),
  ...rowsFor(['POST'], 'file-write', [
    '/v1/disk/resources/copy',
    '/v1/disk/resources/move',
    '/v1/disk/public/resources/save-to-disk',
  ]),
  ...rowsFor(['PUT', 'DELETE'], 'file-write', ['/v1/disk/trash/resources/**']),
  ...rowsFor(['GET'], 'api-read', [
    '/v1/disk',
    '/v1/disk/resources',
    '/v1/disk/resources/download',
    '/v1/disk/resources/files',
    '/v1/disk/resources/last-uploaded',
    '/v1/disk/resources/public',
    '/v1/disk/public/resources',
    '/v1/disk/public/resources/download',
    '/v1/disk/trash/resources',
    '/v1/disk/operations/{id}',
  ]),
]

export const YANDEX_DISK: ServiceEntry = webService(
  'yandex-disk',
  'file-sharing',
  webSurface('api-read', ['cloud-api.yandex.net', 'cloud-api.yandex.ru', 'cloud-api.yandex.com'], API),
  webSurface('download', ['webdav.yandex.ru', 'webdav.yandex.com'], WEBDAV),
  webSurface(
    'download',
    ['*.disk.yandex.net', '*.disk.yandex.ru'],
    rowsFor(['PUT', 'POST', 'PATCH'], 'file-upload', ['/**']),
    rowsFor(['GET'], 'download', ['/disk/**']),
  ),
  webSurface('web-read', ['disk.yandex.ru', 'disk.yandex.com', 'yadi.sk']),
)
