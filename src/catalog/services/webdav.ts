/**
 * WebDAV (RFC 4918), where nothing else is spoken. Its own methods are none that a row can name: PROPFIND, though it reads, and
 * MKCOL, COPY and MOVE are unknown writes.
 */
import { type Route, rowsFor } from '../service-entry.ts'

export const WEBDAV: readonly Route[] = [
  ...rowsFor(['PUT', 'PATCH'], 'file-upload', ['/**']),
  ...rowsFor(['DELETE'], 'file-write', ['/**']),
  ...rowsFor(['GET'], 'download', ['/**']),
]
