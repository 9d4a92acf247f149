/** Which service of AWS a request is signed for. */
import { describe, expect, it } from 'vitest'
import { authorizationCharactersMax, signedServiceOf } from '../../../src/proxy/refusals/aws-signature.ts'

const SCOPE = 'AKIDEXAMPLE/20261124/eu-central-1'
const signedFor = (service: string): string =>
  `AWS4-HMAC-SHA256 Credential=${SCOPE}/${service}/aws4_request, SignedHeaders=host, Signature=0a`

describe('signedServiceOf', () => {
  it.each([
    ['version 4', signedFor('s3'), '/', 's3'],
    ['version 4 for another service', signedFor('dynamodb'), '/', 'dynamodb'],
    [
      'version 4 for many regions',
      'AWS4-ECDSA-P256-SHA256 Credential=AK/20261124/s3/aws4_request, Signature=0a',
      '/',
      null,
    ],
    ['no region', 'AWS4-HMAC-SHA256 Credential=AK/20261124//s3/aws4_request, Signature=0a', '/', 's3'],
    ['version 2', 'AWS AKIDEXAMPLE:frJIUN8DYpKDtOLCwo//yllqDzg=', '/', 's3'],
    ['an address', null, '/a?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=0a', 's3'],
    ['an address of version 2', null, '/a?AWSAccessKeyId=AK&Signature=0a', 's3'],
    ['a path that looks like it', null, '/X-Amz-Signature=0a', null],
    ['nothing', null, '/', null],
    ['another scheme', 'Bearer AWS4-HMAC-SHA256 Credential=a/20261124/b/s3/aws4_request', '/', null],
    ['a broken one', 'AWS4-HMAC-SHA256 Credential=a/b/s3', '/', null],
  ])('reads %s', (_, authorization, target, service) => expect(signedServiceOf(authorization, target)).toBe(service))

  it('reads a field at its longest, and none past it', () => {
    const long = signedFor('s3').padEnd(authorizationCharactersMax, 'a')
    expect(signedServiceOf(long, '/')).toBe('s3')
    expect(signedServiceOf(`${long}a`, '/')).toBeNull()
  })
})
