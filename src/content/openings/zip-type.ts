/** What kind of file a zip is, by the name of a member that only such files have. */

/** Null for a name that tells nothing. */
export function zipTypeOf(name: string): string | null {
  for (const [pattern, type] of TYPES) if (pattern.test(name)) return type
  return null
}

const OFFICE = 'application/vnd.openxmlformats-officedocument'

const TYPES: readonly (readonly [RegExp, string])[] = [
  [/^word\/document\.xml$/, `${OFFICE}.wordprocessingml.document`],
  [/^xl\/workbook\.(?:xml|bin)$/, `${OFFICE}.spreadsheetml.sheet`],
  [/^ppt\/presentation\.xml$/, `${OFFICE}.presentationml.presentation`],
  [/^META-INF\/MANIFEST\.MF$/, 'application/java-archive'],
  [/^AndroidManifest\.xml$/, 'application/vnd.android.package-archive'],
  [/^META-INF\/container\.xml$/, 'application/epub+zip'],
  [/^META-INF\/manifest\.xml$/, 'application/vnd.oasis.opendocument'],
  [/^extension\.vsixmanifest$/, 'application/vsix'],
]
