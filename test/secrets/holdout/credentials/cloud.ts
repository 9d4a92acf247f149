/** Credentials of cloud providers and hosting companies, by the shapes that their documentation shows. */
import { credential, known, secret } from './credential.ts'

export const CLOUD = [
  credential(
    'aws-access-key',
    [
      known('AWS_ACCESS_KEY_ID AWS_KEY AWS_ACCESS_KEY', 'AKIA%t16%'),
      secret('AWS_SECRET_ACCESS_KEY AWS_SECRET AWS_SECRET_KEY', '%s40%'),
    ],
    'aws configure set aws_access_key_id {0} && aws configure set aws_secret_access_key {1}',
    "client = boto3.client('s3', aws_access_key_id='{0}', aws_secret_access_key='{1}')",
    "new AWS.S3({ accessKeyId: '{0}', secretAccessKey: '{1}', region: '%region%' })",
  ),
  credential(
    'aws-session-token',
    [
      known('AWS_ACCESS_KEY_ID', 'ASIA%t16%'),
      secret('AWS_SECRET_ACCESS_KEY', '%s40%'),
      secret('AWS_SESSION_TOKEN AWS_SECURITY_TOKEN', 'IQoJb3JpZ2luX2Vj%s300-420%', 'FwoGZXIvYXdzE%s280-360%'),
    ],
    'AWS_ACCESS_KEY_ID={0} AWS_SECRET_ACCESS_KEY={1} AWS_SESSION_TOKEN={2} aws s3 ls',
  ),
  credential('aws-bedrock-api-key', [
    secret('AWS_BEARER_TOKEN_BEDROCK BEDROCK_API_KEY', 'ABSKQmVkcm9ja0FQSUtleS%s100-110%'),
  ]),
  credential(
    'azure-storage-key',
    [
      secret(
        'AZURE_STORAGE_CONNECTION_STRING STORAGE_CONNECTION',
        'DefaultEndpointsProtocol=https;AccountName=%l12%;AccountKey=«%z64%»;EndpointSuffix=core.windows.net',
      ),
    ],
    "BlobServiceClient.from_connection_string('{0}')",
    'az storage blob upload --connection-string "{0}" -c logs -f app.log -n app.log',
  ),
  credential(
    'azure-storage-account-key',
    [known('AZURE_STORAGE_ACCOUNT', '%app%store%d2%'), secret('AZURE_STORAGE_KEY STORAGE_ACCOUNT_KEY', '%z64%')],
    'az storage container list --account-name {0} --account-key {1}',
  ),
  credential(
    'azure-sas-url',
    [
      secret(
        'UPLOAD_URL BLOB_SAS_URL',
        'https://%l12%.blob.core.windows.net/exports?sv=2022-11-02&ss=b&srt=co&sp=rwdlacx&se=2027-01-01T00:00:00Z&spr=https&sig=«%a42%%3D»',
      ),
    ],
    "azcopy copy ./dump.tar.gz '{0}'",
  ),
  credential(
    'azure-client-secret',
    [
      known('AZURE_TENANT_ID ARM_TENANT_ID', '%uuid%'),
      known('AZURE_CLIENT_ID ARM_CLIENT_ID', '%uuid%'),
      secret('AZURE_CLIENT_SECRET ARM_CLIENT_SECRET', '%a3%8Q~%w34%', '%a3%7Q~%w31%'),
    ],
    'az login --service-principal -u {1} -p {2} --tenant {0}',
  ),
  credential('azure-service-bus-key', [
    secret(
      'SERVICEBUS_CONNECTION_STRING EVENTHUB_CONNECTION',
      'Endpoint=sb://%app%-bus.servicebus.windows.net/;SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=«%z32%»',
    ),
  ]),
  credential('azure-cosmos-key', [
    secret('COSMOS_CONNECTION_STRING', 'AccountEndpoint=https://%app%.documents.azure.com:443/;AccountKey=«%z64%»;'),
  ]),
  credential(
    'azure-devops-pat',
    [secret('AZURE_DEVOPS_EXT_PAT AZDO_PAT SYSTEM_ACCESSTOKEN', '%a76%AZDO%a4%')],
    'git clone https://%person%:{0}@dev.azure.com/%company%/%app%/_git/%app%',
    'echo {0} | az devops login --organization https://dev.azure.com/%company%',
  ),
  credential(
    'azure-openai-key',
    [known('AZURE_OPENAI_ENDPOINT', 'https://%app%.openai.azure.com/'), secret('AZURE_OPENAI_API_KEY', '%h32%')],
    'curl {0}openai/deployments?api-version=2023-05-15 -H "api-key: {1}"',
  ),
  credential(
    'gcp-api-key',
    [secret('GOOGLE_API_KEY GEMINI_API_KEY GCP_API_KEY', 'AIzaSy%w33%')],
    "genai.configure(api_key='{0}')",
    "curl 'https://maps.googleapis.com/maps/api/geocode/json?address=Oslo&key={0}'",
  ),
  credential('google-oauth-client-secret', [
    known('GOOGLE_CLIENT_ID', '%d12%-%l32%.apps.googleusercontent.com'),
    secret('GOOGLE_CLIENT_SECRET', 'GOCSPX-%w28%'),
  ]),
  credential(
    'google-oauth-token',
    [secret('GOOGLE_REFRESH_TOKEN GCP_ACCESS_TOKEN', '1//0%w100%', 'ya29.a0A%w180%')],
    'curl -H "Authorization: Bearer {0}" https://www.googleapis.com/drive/v3/files',
  ),
  credential('alibaba-access-key', [
    known('ALIBABA_CLOUD_ACCESS_KEY_ID ALIYUN_ACCESS_KEY_ID', 'LTAI5t%a18%'),
    secret('ALIBABA_CLOUD_ACCESS_KEY_SECRET ALIYUN_ACCESS_KEY_SECRET', '%a30%'),
  ]),
  credential('tencent-secret-key', [
    known('TENCENTCLOUD_SECRET_ID', 'AKID%a32%'),
    secret('TENCENTCLOUD_SECRET_KEY', '%a32%'),
  ]),
  credential(
    'digitalocean-token',
    [secret('DIGITALOCEAN_TOKEN DO_TOKEN DIGITALOCEAN_ACCESS_TOKEN', 'dop_v1_%h64%', 'doo_v1_%h64%')],
    'doctl auth init -t {0}',
    'curl -H "Authorization: Bearer {0}" https://api.digitalocean.com/v2/droplets',
  ),
  credential(
    'linode-token',
    [secret('LINODE_TOKEN LINODE_CLI_TOKEN', '%h64%')],
    'curl -H "Authorization: Bearer {0}" https://api.linode.com/v4/linode/instances',
  ),
  credential(
    'hetzner-token',
    [secret('HCLOUD_TOKEN HETZNER_API_TOKEN', '%a64%')],
    'HCLOUD_TOKEN={0} hcloud server list',
  ),
  credential('scaleway-secret-key', [known('SCW_ACCESS_KEY', 'SCW%k17%'), secret('SCW_SECRET_KEY', '%uuid%')]),
  credential(
    'cloudflare-api-token',
    [secret('CLOUDFLARE_API_TOKEN CF_API_TOKEN', '%w40%')],
    'curl -H "Authorization: Bearer {0}" https://api.cloudflare.com/client/v4/user/tokens/verify',
  ),
  credential(
    'cloudflare-global-key',
    [known('CF_EMAIL CLOUDFLARE_EMAIL', '%email%'), secret('CF_API_KEY CLOUDFLARE_API_KEY', '%h37%')],
    'curl -H "X-Auth-Email: {0}" -H "X-Auth-Key: {1}" https://api.cloudflare.com/client/v4/zones',
  ),
  credential(
    'fastly-token',
    [secret('FASTLY_API_TOKEN FASTLY_API_KEY', '%w32%')],
    'curl -H "Fastly-Key: {0}" https://api.fastly.com/service',
  ),
  credential(
    'heroku-api-key',
    [secret('HEROKU_API_KEY', 'HRKU-AA%w58%', '%uuid%')],
    'curl -n https://api.heroku.com/apps -H "Authorization: Bearer {0}" -H "Accept: application/vnd.heroku+json; version=3"',
  ),
  credential('netlify-token', [secret('NETLIFY_AUTH_TOKEN', 'nfp_%a36%')], 'netlify deploy --prod --auth {0}'),
  credential('vercel-token', [secret('VERCEL_TOKEN', '%a24%')], 'vercel --token {0} --prod --yes'),
  credential('fly-token', [secret('FLY_API_TOKEN', 'FlyV1 fm2_%s180%')]),
  credential('supabase-token', [
    secret('SUPABASE_ACCESS_TOKEN', 'sbp_%h40%'),
    secret('SUPABASE_SERVICE_ROLE_KEY', '%jwt%'),
  ]),
  credential('planetscale-password', [
    secret('PLANETSCALE_PASSWORD DATABASE_PASSWORD', 'pscale_pw_%w43%'),
    secret('PLANETSCALE_SERVICE_TOKEN', 'pscale_tkn_%w43%'),
  ]),
  credential(
    'ibm-cloud-api-key',
    [secret('IBMCLOUD_API_KEY IC_API_KEY', '%w44%')],
    'ibmcloud login --apikey {0} -r eu-de',
  ),
]
