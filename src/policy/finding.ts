/** What an analysis finds worth a warning, before it is given its line and column. */
import type { Path } from '../text/yaml.ts'

export interface Finding {
  /** Where in the policy it stands. */
  readonly path: Path
  readonly part?: 'key' | 'value'
  readonly message: string
  readonly hint?: string
}
