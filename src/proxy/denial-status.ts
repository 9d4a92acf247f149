/** The HTTP status of each ground for a denial (RFC 9110 section 15.5), where the client's own form has none. */
import type { DenialCode } from '../flow/verdict.ts'

const STATUS: Readonly<Record<DenialCode, number>> = {
  rule: 403,
  default: 403,
  doubt: 403,
  limit: 413,
  budget: 413,
  'address-refused': 403,
  'name-disagrees': 421,
  'name-unproven': 403,
  malformed: 400,
  'holding-limit': 413,
  'upgrade-refused': 403,
  'tenant-unset': 403,
  'client-refused': 403,
  'client-flood': 429,
  'credentials-needed': 407,
  'credentials-wrong': 407,
  'credentials-slowed': 429,
  'record-unwritable': 503,
  'ledger-unwritable': 503,
  fault: 500,
}

export function statusOfDenial(code: DenialCode): number {
  return STATUS[code]
}
