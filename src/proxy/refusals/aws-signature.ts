/** For which AWS service a request is signed (Signature Version 4, "Authorization header"; S3's Version 2). */

export const authorizationCharactersMax = 2_048

const SCOPE = /^AWS4-[A-Z0-9-]+ .*?Credential=[^/,\s]+\/\d{8}\/[a-z0-9*-]*\/([a-z0-9-]+)\/aws4_request/
const QUERY = /[?&](?:X-Amz-Signature|AWSAccessKeyId)=/i

/** Such as `s3`; null without a signature. What is signed in the query of an address is for a bucket. */
export function signedServiceOf(authorization: string | null, target: string): string | null {
  if (QUERY.test(target)) return 's3'
  if (authorization === null || authorization.length > authorizationCharactersMax) return null
  if (/^AWS [^:\s]+:\S+$/.test(authorization)) return 's3'
  return SCOPE.exec(authorization)?.[1] ?? null
}
