/** Every parser that is fuzzed; registry.test.ts holds the list against the exports of src. */
import type { FuzzTarget } from './target.ts'
import { BODY_TARGETS } from './targets/bodies.ts'
import { FINGERPRINT_TARGETS } from './targets/fingerprints.ts'
import { GRAPHQL_TARGETS } from './targets/graphql.ts'
import { HELLO_TARGETS } from './targets/hello.ts'
import { HTTP_TARGETS } from './targets/http.ts'
import { JSON_TARGETS } from './targets/json.ts'
import { NAME_TARGETS } from './targets/names.ts'
import { PACK_TARGETS } from './targets/pack.ts'
import { POLICY_TARGETS } from './targets/policy.ts'
import { PUSH_TARGETS } from './targets/push.ts'
import { SECRET_SCAN_TARGETS } from './targets/secret-scan.ts'
import { RECORD_TARGETS } from './targets/record.ts'
import { SECRET_TARGETS } from './targets/secrets.ts'
import { SETTING_TARGETS } from './targets/settings.ts'
import { WEBSOCKET_TARGETS } from './targets/websocket.ts'

export const TARGETS: readonly FuzzTarget[] = [
  ...HELLO_TARGETS,
  ...HTTP_TARGETS,
  ...PUSH_TARGETS,
  ...PACK_TARGETS,
  ...BODY_TARGETS,
  ...JSON_TARGETS,
  ...GRAPHQL_TARGETS,
  ...NAME_TARGETS,
  ...SETTING_TARGETS,
  ...POLICY_TARGETS,
  ...SECRET_TARGETS,
  ...SECRET_SCAN_TARGETS,
  ...RECORD_TARGETS,
  ...WEBSOCKET_TARGETS,
  ...FINGERPRINT_TARGETS,
]
