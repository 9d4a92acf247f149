/** Drives, which keep files for an account, and drops, which keep them for whoever has the link. */
import type { ServiceEntry } from '../service-entry.ts'
import { BOX } from './box.ts'
import { DRIVES } from './drives.ts'
import { DROPBOX } from './dropbox.ts'
import { DROPS } from './drops.ts'
import { GOOGLE_DRIVE } from './google-drive.ts'
import { MICROSOFT_DRIVES } from './microsoft-drives.ts'
import { PCLOUD } from './pcloud.ts'
import { YANDEX_DISK } from './yandex-disk.ts'

export const FILE_SHARING: readonly ServiceEntry[] = [
  DROPBOX,
  ...GOOGLE_DRIVE,
  ...MICROSOFT_DRIVES,
  BOX,
  PCLOUD,
  YANDEX_DISK,
  ...DRIVES,
  ...DROPS,
]
