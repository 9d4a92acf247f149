/** What kind of thing a media type or the ending of a name promises, and whether the bytes keep to it. */

export type Kind = 'text' | 'image' | 'audio' | 'video' | 'font' | 'archive' | 'document' | 'program' | 'other'

/** Null where it promises nothing: `application/octet-stream`, or what is not known. */
export function kindOfType(type: string): Kind | null {
  const [main = '', sub = ''] = type.split('/', 2)
  if (TEXT_TYPES.has(type) || main === 'text' || /\+(?:json|xml)$/.test(sub)) return 'text'
  if (main === 'image' || main === 'audio' || main === 'video' || main === 'font') return main
  return TYPES.get(type) ?? (/opendocument|openxmlformats/.test(sub) ? 'document' : null)
}

export function kindOfName(name: string): Kind | null {
  const ending = /\.([a-z0-9]{1,8})$/i.exec(name)?.[1]?.toLowerCase()
  return ending === undefined ? null : (ENDINGS.get(ending) ?? null)
}

/** Whether bytes of one kind may stand where another one is promised. `real` is null where the bytes do not tell. */
export function keeps(promised: Kind, real: Kind | null): boolean {
  if (promised === real) return true
  switch (promised) {
    // Some images, such as SVG and XPM, some documents, and scripts, are text.
    case 'image':
      return real === 'text'
    case 'document':
      return real === 'text' || real === 'archive'
    case 'program':
      return real === 'text' || real === null
    // Of many of these the beginning tells nothing, and one holds the other.
    case 'audio':
    case 'video':
      return real === null || real === 'audio' || real === 'video'
    case 'archive':
      return real === 'document' || real === 'program'
    case 'other':
      return true
    default:
      return false
  }
}

const TEXT_TYPES = new Set([
  'application/json',
  'application/xml',
  'application/javascript',
  'application/ecmascript',
  'application/graphql',
  'application/yaml',
  'application/x-yaml',
  'application/x-ndjson',
  'application/toml',
  'application/sql',
  'application/x-sh',
  'application/x-www-form-urlencoded',
])

function table(rows: Readonly<Partial<Record<Kind, string>>>): ReadonlyMap<string, Kind> {
  return new Map(
    Object.entries(rows).flatMap(([kind, words]) => words.split(' ').map((word) => [word, kind as Kind] as const)),
  )
}

const TYPES = table({
  archive:
    'application/zip application/gzip application/zstd application/x-tar application/x-bzip2 application/x-xz application/x-7z-compressed application/vnd.rar application/x-rar-compressed application/x-lz4 application/x-lzip application/x-lzma application/x-compress application/vnd.ms-cab-compressed application/x-archive application/x-cpio application/x-rpm application/x-git-bundle application/x-git-pack application/x-google-chrome-extension application/x-squashfs application/java-archive application/vnd.android.package-archive application/vsix application/x-gzip application/x-compressed',
  document:
    'application/pdf application/x-cfb application/msword application/vnd.ms-excel application/vnd.ms-powerpoint application/epub+zip application/rtf application/vnd.oasis.opendocument',
  program: 'application/x-elf application/x-msdownload application/x-mach-binary application/wasm application/java-vm',
})

const ENDINGS = table({
  text: 'txt md markdown rst csv tsv json jsonl yaml yml toml ini xml html htm css js mjs cjs ts tsx jsx py rb go rs java c h cc cpp hpp cs php pl sh bash sql log svg patch diff lock gradle kt swift scala lua vue tf properties',
  image: 'png jpg jpeg gif webp bmp ico tif tiff avif heic',
  audio: 'mp3 ogg flac wav m4a opus',
  video: 'mp4 mkv webm mov avi',
  font: 'woff woff2 ttf otf',
  archive: 'zip jar war ear apk whl egg gz tgz tar zst tzst bz2 xz 7z rar nupkg vsix crate',
  document: 'pdf doc xls ppt docx xlsx pptx odt ods odp epub',
  program: 'exe dll so dylib wasm class',
})
