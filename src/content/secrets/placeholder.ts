/** What people write where a credential belongs, and is none: placeholders, references, examples of documentation. */
import { JUDGED_CHARACTERS_MAX } from './randomness.ts'

const WORDS =
  /example|sample|placeholder|change[-_ ]?me|replace|redacted|removed|hidden|masked|censored|dummy|fake|mock|notreal|not[-_]a[-_]?real|foobar|foo[-_]?bar|lorem|insert|your[-_a-z]|my[-_](?:secret|token|password|api|key)|todo|fixme|xxxx|\.\.\.|\*\*\*\*|____|<[a-z_ -]+>|test[-_]?(?:key|token|secret|password|value)|0123456|1234567|7654321|abcdefg|qwerty/i

/** References to a place that holds it: a variable, a template, a vault, a path. */
const REFERENCES =
  /^\$|^%[A-Za-z_]+%$|\$\{|\$\(|\{\{|#\{|^<|^\(|^&|^@[a-z]|^!|^(?:env|vault|ref|file|op|ssm|sm|secret|arn|projects|https?|kms|gcp|azure|pass|data|urn|process|os|import\.meta|config|settings|self|this)[:./]|^ENC\[|^[./~]*\/[a-z]/

/** Whether it stands for a credential instead of being one. */
export function isPlaceholder(text: string): boolean {
  const secret = text.slice(0, JUDGED_CHARACTERS_MAX)
  return WORDS.test(secret) || REFERENCES.test(secret) || isMonotonous(secret)
}

/** As few different characters as no generator would take: `0000…`, `xXxX…`, `abababab`. */
export function isMonotonous(secret: string): boolean {
  const length = Math.min(secret.length, 200)
  return new Set(secret.slice(0, length).toLowerCase()).size < Math.min(6, length / 2)
}
