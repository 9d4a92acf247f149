/** Credentials of clouds, hosting, networks and databases. */
import {
  ALNUM,
  BASE32,
  BASE64,
  BASE64URL,
  BECH32,
  DIGITS,
  HEX,
  LOWER_ALNUM,
  type Random,
  UPPER,
  UPPER_ALNUM,
  uuid,
} from '../random.ts'
import { block, type Kind, named, token } from './kind.ts'

const AWS = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html'
const AZURE = 'https://learn.microsoft.com/en-us/azure/storage/common/storage-account-keys-manage'

function azureKey(random: Random): string {
  return random.bytes(64).toString('base64')
}

export const CLOUDS: readonly Kind[] = [
  token('aws-key-id', AWS, ['aws_access_key_id'], (r) => `${r.pick(['AKIA', 'ASIA'])}${r.text(BASE32, 16)}`),
  named('aws-secret', AWS, ['aws_secret_access_key', 'aws_secret_key'], (r) => r.text(BASE64, 40)),
  block('aws-credentials-file', 'https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html', (r) => {
    const id = `AKIA${r.text(BASE32, 16)}`
    const secret = r.text(BASE64, 40)
    return {
      secrets: [id, secret],
      block: `[default]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\nregion = eu-west-1`,
    }
  }),
  token('gcp-api-key', 'https://cloud.google.com/docs/authentication/api-keys', ['google_api_key', 'maps_key'], (r) => {
    return `AIzaSy${r.text(BASE64URL, 33)}`
  }),
  block('gcp-service-account', 'https://cloud.google.com/iam/docs/keys-create-delete', (r) => {
    const lines =
      r
        .bytes(1218)
        .toString('base64')
        .match(/.{1,64}/g) ?? []
    const key = [`-----BEGIN PRIVATE KEY-----`, ...lines, `-----END PRIVATE KEY-----`, ''].join('\\n')
    const account = {
      type: 'service_account',
      project_id: 'acme-prod',
      private_key_id: r.text(HEX, 40),
      private_key: 'KEY',
      client_email: 'deployer@acme-prod.iam.gserviceaccount.com',
      client_id: r.text(DIGITS, 21),
      token_uri: 'https://oauth2.googleapis.com/token',
    }
    return { secrets: [key], block: JSON.stringify(account, null, 2).replace('KEY', key) }
  }),
  token(
    'gcp-oauth-secret',
    'https://developers.google.com/identity/protocols/oauth2',
    ['client_secret', 'google_client_secret'],
    (r) => {
      return `GOCSPX-${r.text(BASE64URL, 28)}`
    },
  ),
  token(
    'gcp-access-token',
    'https://developers.google.com/identity/protocols/oauth2',
    ['access_token', 'gcloud_token'],
    (r) => {
      return `ya29.${r.between(BASE64URL, 100, 160)}`
    },
  ),
  named('azure-storage-key', AZURE, ['azure_storage_key', 'storage_account_key', 'account_key'], azureKey),
  block(
    'azure-connection-string',
    'https://learn.microsoft.com/en-us/azure/storage/common/storage-configure-connection-string',
    (r) => {
      const key = azureKey(r)
      const name = `acme${r.text(LOWER_ALNUM, 6)}`
      return {
        secrets: [key],
        block: `AZURE_STORAGE_CONNECTION_STRING="DefaultEndpointsProtocol=https;AccountName=${name};AccountKey=${key};EndpointSuffix=core.windows.net"`,
      }
    },
  ),
  block('azure-service-bus', 'https://learn.microsoft.com/en-us/azure/service-bus-messaging/service-bus-sas', (r) => {
    const key = r.bytes(32).toString('base64')
    return {
      secrets: [key],
      block: `ServiceBus__ConnectionString=Endpoint=sb://acme-prod.servicebus.windows.net/;SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=${key}`,
    }
  }),
  block('azure-sas', 'https://learn.microsoft.com/en-us/rest/api/storageservices/create-service-sas', (r) => {
    const signature = encodeURIComponent(r.bytes(32).toString('base64'))
    return {
      secrets: [signature],
      block: `curl -o dump.gz "https://acme${r.text(DIGITS, 3)}.blob.core.windows.net/backup/dump.gz?sv=2022-11-02&sr=b&se=2027-01-01T00%3A00%3A00Z&sp=r&sig=${signature}"`,
    }
  }),
  token(
    'azure-client-secret',
    'https://learn.microsoft.com/en-us/purview/sit-defn-azure-ad-client-secret',
    ['azure_client_secret', 'arm_client_secret'],
    (r) => `${r.text(ALNUM, 3)}${r.pick(['7', '8'])}Q~${r.text(`${ALNUM}_~.-`, 31)}${r.text(ALNUM, 3)}`,
  ),
  token(
    'digitalocean',
    'https://docs.digitalocean.com/reference/api/create-personal-access-token/',
    ['digitalocean_token', 'do_token'],
    (r) => {
      return `${r.pick(['dop', 'doo', 'dor'])}_v1_${r.text(HEX, 64)}`
    },
  ),
  named(
    'cloudflare-token',
    'https://developers.cloudflare.com/fundamentals/api/get-started/create-token/',
    ['cloudflare_api_token', 'cf_api_token'],
    (r) => {
      return r.text(BASE64URL, 40)
    },
  ),
  token(
    'cloudflare-prefixed',
    'https://developers.cloudflare.com/fundamentals/api/get-started/token-formats/',
    ['cloudflare_api_token'],
    (r) => `${r.pick(['cfut', 'cfat', 'cfk'])}_${r.text(ALNUM, 40)}${r.text(HEX, 8)}`,
  ),
  named(
    'cloudflare-global-key',
    'https://developers.cloudflare.com/fundamentals/api/get-started/keys/',
    ['cloudflare_api_key', 'cf_api_key'],
    (r) => {
      return r.text(HEX, 37)
    },
  ),
  token(
    'cloudflare-origin-ca',
    'https://developers.cloudflare.com/fundamentals/api/get-started/ca-keys/',
    ['origin_ca_key'],
    (r) => {
      return `v1.0-${r.text(HEX, 24)}-${r.text(HEX, 146)}`
    },
  ),
  token(
    'alibaba',
    'https://www.alibabacloud.com/help/en/ram/user-guide/create-an-accesskey-pair',
    ['aliyun_access_key_id'],
    (r) => {
      return `LTAI${r.text(ALNUM, 20)}`
    },
  ),
  token(
    'databricks',
    'https://docs.databricks.com/en/dev-tools/auth/pat.html',
    ['databricks_token'],
    (r) => `dapi${r.text(HEX, 32)}`,
  ),
  token('planetscale', 'https://planetscale.com/docs/concepts/planetscale-password', ['database_password'], (r) => {
    return `pscale_${r.pick(['pw', 'tkn'])}_${r.text(BASE64URL, 43)}`
  }),
  token(
    'supabase',
    'https://supabase.com/docs/guides/api/api-keys',
    ['supabase_access_token'],
    (r) => `sbp_${r.text(HEX, 40)}`,
  ),
  token(
    'netlify',
    'https://docs.netlify.com/api/get-started/#authentication',
    ['netlify_auth_token'],
    (r) => `nfp_${r.text(ALNUM, 36)}`,
  ),
  token('fly-io', 'https://fly.io/docs/security/tokens/', ['fly_api_token'], (r) => `fo1_${r.text(BASE64URL, 43)}`),
  token('tailscale', 'https://tailscale.com/kb/1085/auth-keys', ['tailscale_auth_key', 'ts_authkey'], (r) => {
    return `tskey-auth-${r.text(ALNUM, 12)}CNTRL-${r.text(ALNUM, 32)}`
  }),
  token(
    'dynatrace',
    'https://docs.dynatrace.com/docs/manage/identity-access-management/access-tokens-and-oauth-clients/access-tokens',
    ['dynatrace_token'],
    (r) => {
      return `dt0c01.${r.text(BASE32, 24)}.${r.text(BASE32, 64)}`
    },
  ),
  named(
    'datadog-api',
    'https://docs.datadoghq.com/account_management/api-app-keys/',
    ['dd_api_key', 'datadog_api_key'],
    (r) => r.text(HEX, 32),
  ),
  named(
    'datadog-app',
    'https://docs.datadoghq.com/account_management/api-app-keys/',
    ['dd_app_key', 'datadog_app_key'],
    (r) => r.text(HEX, 40),
  ),
  token(
    'grafana-service-account',
    'https://grafana.com/docs/grafana/latest/administration/service-accounts/',
    ['grafana_token'],
    (r) => {
      return `glsa_${r.text(ALNUM, 32)}_${r.text(HEX, 8)}`
    },
  ),
  token(
    'grafana-cloud',
    'https://grafana.com/docs/grafana-cloud/account-management/authentication-and-permissions/access-policies/',
    ['grafana_cloud_token'],
    (r) => {
      return `glc_${Buffer.from(JSON.stringify({ o: r.text(DIGITS, 6), n: 'acme', k: r.text(ALNUM, 24), m: { r: 'eu' } })).toString('base64')}`
    },
  ),
  block('sentry-dsn', 'https://docs.sentry.io/concepts/key-terms/dsn-explainer/', (r) => {
    const dsn = `https://${r.text(HEX, 32)}:${r.text(HEX, 32)}@o${r.text('123456789', 6)}.ingest.sentry.io/${r.text('123456789', 7)}`
    return { secrets: [dsn], block: `SENTRY_DSN=${dsn}` }
  }),
  token(
    'sentry-user',
    'https://docs.sentry.io/account/auth-tokens/',
    ['sentry_auth_token'],
    (r) => `sntryu_${r.text(HEX, 64)}`,
  ),
  token(
    'sentry-org',
    'https://github.com/getsentry/rfcs/blob/main/text/0091-ci-upload-tokens.md',
    ['sentry_auth_token'],
    (r) => {
      const facts = JSON.stringify({ iat: 1718000000 + r.int(9_000_000), url: 'https://sentry.io', org: 'acme' })
      return `sntrys_${Buffer.from(facts).toString('base64')}_${r.text(BASE64, 43)}`
    },
  ),
  token('age', 'https://github.com/FiloSottile/age#readme', ['age_key', 'sops_age_key'], (r) => {
    return `AGE-SECRET-KEY-1${r.text(BECH32, 58).toUpperCase()}`
  }),
  named(
    'okta',
    'https://developer.okta.com/docs/guides/create-an-api-token/main/',
    ['okta_api_token', 'okta_token'],
    (r) => {
      return `00${r.text(BASE64URL, 40)}`
    },
  ),
  block('okta-header', 'https://developer.okta.com/docs/reference/core-okta-api/#authentication', (r) => {
    const value = `00${r.text(BASE64URL, 40)}`
    return { secrets: [value], block: `curl -H "Authorization: SSWS ${value}" https://acme.okta.com/api/v1/users` }
  }),
  token('one-password', 'https://developer.1password.com/docs/service-accounts/', ['op_service_account_token'], (r) => {
    const account = JSON.stringify({
      signInAddress: 'acme.1password.com',
      userAuth: { method: 'SRPg-4096' },
      email: `${r.text(LOWER_ALNUM, 13)}@1passwordserviceaccounts.com`,
      srpX: r.text(HEX, 64),
    })
    return `ops_${Buffer.from(account).toString('base64url')}`
  }),
  token(
    'aws-bedrock',
    'https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html',
    ['aws_bearer_token_bedrock'],
    (r) => {
      return `ABSK${Buffer.from(`BedrockAPIKey-${r.text(LOWER_ALNUM, 4)}-at-${r.text(DIGITS, 12)}:${r.text(BASE64, 44)}`).toString('base64')}`
    },
  ),
  named(
    'algolia',
    'https://www.algolia.com/doc/guides/security/api-keys/',
    ['algolia_admin_key', 'algolia_api_key'],
    (r) => r.text(HEX, 32),
  ),
  token('mapbox', 'https://docs.mapbox.com/help/getting-started/access-tokens/', ['mapbox_secret_token'], (r) => {
    return `sk.${Buffer.from(JSON.stringify({ u: 'acme', a: `cl${r.text(LOWER_ALNUM, 23)}` })).toString('base64url')}.${r.text(BASE64URL, 22)}`
  }),
  token(
    'scaleway',
    'https://www.scaleway.com/en/docs/iam/how-to/create-api-keys/',
    ['scw_access_key'],
    (r) => `SCW${r.text(UPPER_ALNUM, 17)}`,
  ),
  named('scaleway-secret', 'https://www.scaleway.com/en/docs/iam/how-to/create-api-keys/', ['scw_secret_key'], (r) =>
    uuid(r),
  ),
  named('ibm-cos-hmac', 'https://cloud.ibm.com/docs/cloud-object-storage', ['cos_secret_access_key'], (r) =>
    r.text(HEX, 48),
  ),
  token(
    'confluent',
    'https://docs.confluent.io/cloud/current/security/authenticate/workload-identities/service-accounts/api-keys/overview.html',
    ['confluent_api_secret'],
    (r) => {
      return `cflt${r.text(BASE64, 60)}`
    },
  ),
  token(
    'prefect',
    'https://docs.prefect.io/v3/manage/cloud/manage-users/api-keys',
    ['prefect_api_key'],
    (r) => `pnu_${r.text(ALNUM, 36)}`,
  ),
  token(
    'temporary-aws-session',
    'https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html',
    ['aws_session_token'],
    (r) => {
      return `IQoJb3JpZ2luX2Vj${r.text(BASE64, 240)}=`
    },
  ),
  token(
    'tencent',
    'https://cloud.tencent.com/document/product/598/40488',
    ['tencentcloud_secret_id'],
    (r) => `AKID${r.text(ALNUM, 32)}`,
  ),
  token(
    'harness',
    'https://developer.harness.io/docs/platform/automation/api/add-and-manage-api-keys/',
    ['harness_api_key'],
    (r) => {
      return `pat.${r.text(BASE64URL, 22)}.${r.text(HEX, 24)}.${r.text(ALNUM, 20)}`
    },
  ),
  token(
    'typeform',
    'https://www.typeform.com/developers/get-started/personal-access-token/',
    ['typeform_token'],
    (r) => {
      return `tfp_${r.text(ALNUM, 44)}_${r.text(ALNUM, 14)}`
    },
  ),
  token(
    'firebase-cloud-messaging',
    'https://firebase.google.com/docs/cloud-messaging/auth-server',
    ['fcm_server_key'],
    (r) => {
      return `AAAA${r.text(BASE64URL, 7)}:APA91b${r.text(BASE64URL, 134)}`
    },
  ),
  token(
    'facebook',
    'https://developers.facebook.com/docs/facebook-login/guides/access-tokens/',
    ['facebook_access_token'],
    (r) => {
      return `EAA${r.pick(['B', 'M', 'C'])}${r.text(ALNUM, 160)}${r.text(UPPER, 2)}ZD`
    },
  ),
]
