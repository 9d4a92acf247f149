/** The passphrase that opens encrypted private keys, from the first line of a file. */
import { blameKeyFile } from './authority-problem.ts'
import { readKeyFile } from './key-file.ts'
import { PASSPHRASE_BYTES_MAX } from './private-key.ts'

/** Throws a KeyFileProblem. The text is never part of it. */
export async function readPassphrase(file: string): Promise<string> {
  const blame = blameKeyFile(file)
  const bytes = await readKeyFile(file, 'secret', blame, 'there is no such file, and --passphrase-file names it')
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw blame('is not text in UTF-8', cause)
  }
  const passphrase = (text.split('\n', 1)[0] ?? '').replace(/\r$/, '')
  if (passphrase === '') throw blame('its first line is empty; it must be the passphrase')
  if (Buffer.byteLength(passphrase) > PASSPHRASE_BYTES_MAX)
    throw blame(`its first line is longer than ${PASSPHRASE_BYTES_MAX} bytes`)
  return passphrase
}
