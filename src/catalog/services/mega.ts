/**
 * MEGA: the API takes lists of commands, and only the list says what they do; files go to storage hosts, over plain HTTP
 * too, and are encrypted before they leave the client, so that nobody sees what is in them.
 */
import type { ServiceEntry } from '../service-entry.ts'

export const MEGA: ServiceEntry = {
  id: 'mega',
  kind: 'mega',
  category: 'file-sharing',
  foldsCase: false,
  surfaces: [
    {
      hosts: ['*.api.mega.co.nz', '*.api.mega.nz'],
      reads: 'api-read',
      unmatched: 'none',
      routes: [
        { methods: ['POST'], path: '/cs', operation: 'file-upload', body: 'mega-commands' },
        // They ask what has changed, by a POST with nothing in it.
        { methods: ['POST'], path: '/sc', operation: 'api-read', empty: true },
        { methods: ['POST'], path: '/wsc', operation: 'api-read', empty: true },
        { methods: ['GET'], path: '/sc', operation: 'api-read' },
        { methods: ['GET'], path: '/wsc', operation: 'api-read' },
      ],
    },
    {
      hosts: ['*.userstorage.mega.co.nz', '*.userstorage.mega.nz'],
      reads: 'download',
      unmatched: 'none',
      routes: [
        { methods: ['POST', 'PUT'], path: '/ul/**', operation: 'file-upload' },
        { methods: ['GET'], path: '/dl/**', operation: 'download' },
        // Clients ask for pieces of a file by a POST with nothing in it.
        { methods: ['POST'], path: '/dl/**', operation: 'download', empty: true },
      ],
    },
    {
      hosts: ['*.static.mega.co.nz', '*.static.mega.nz'],
      reads: 'download',
      unmatched: 'none',
      routes: [{ methods: ['GET'], path: '/**', operation: 'download' }],
    },
    {
      hosts: ['mega.nz', 'www.mega.nz', 'mega.io', 'www.mega.io', 'mega.co.nz', 'www.mega.co.nz', 'mega.app'],
      reads: 'web-read',
      unmatched: 'none',
      routes: [{ methods: ['GET'], path: '/**', operation: 'web-read' }],
    },
    {
      hosts: ['*.mega.nz', '*.mega.io', '*.mega.co.nz', '*.mega.app'],
      reads: 'web-read',
      unmatched: 'none',
      routes: [],
    },
  ],
}
