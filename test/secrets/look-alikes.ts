/** Negatives that look like credentials: placeholders, references, ids, sums, test vectors, code about credentials. */
import {
  ALNUM,
  BASE64,
  BASE64URL,
  createRandom,
  DIGITS,
  HEX,
  LOWER,
  type Random,
  seedOf,
  UPPER,
  uuid,
} from './random.ts'
import { SURROUNDINGS } from './surroundings.ts'

export interface LookAlike {
  readonly id: string
  readonly text: string
}

const PER_VALUE = 60
const PER_LINE = 60

const NAMES = [
  'password',
  'api_key',
  'aws_secret_access_key',
  'github_token',
  'client_secret',
  'auth_token',
  'secret_key',
] as const

/** What people put where a credential belongs. */
const PLACEHOLDERS: readonly ((random: Random) => string)[] = [
  () => 'xxxxxxxxxxxxxxxxxxxxxxxx',
  () => 'XXXXXXXX-XXXX-XXXX-XXXX',
  (r) => `\${${r.pick(['TOKEN', 'DB_PASSWORD', 'secrets.API_KEY', 'env:GITHUB_TOKEN'])}}`,
  (r) => `{{ ${r.pick(['.Values.password', 'secret_key', 'lookup("env", "TOKEN")', 'vault_password'])} }}`,
  (r) => `\${{ secrets.${r.pick(['NPM_TOKEN', 'DEPLOY_KEY', 'GH_PAT'])} }}`,
  (r) => `<${r.pick(['your-token-here', 'password', 'API_KEY', 'insert key', 'REDACTED'])}>`,
  (r) => `$${r.pick(['TOKEN', 'DB_PASSWORD', 'API_KEY'])}`,
  (r) => `%${r.pick(['TOKEN', 'PASSWORD', 'KEY'])}%`,
  () => 'changeme',
  () => 'your_api_key_here',
  () => 'YOUR-SECRET-KEY',
  () => 'my-secret-token',
  () => 'example-password',
  () => 'not-a-real-secret',
  () => 'replace-me-with-your-key',
  () => 'dummy_value_for_tests',
  () => '****************',
  () => '................',
  () => '1234567890',
  () => 'abcdefghijklmnopqrstuvwxyz',
  () => '0000000000000000000000000000000000000000',
  () => '123456789012345678901234567890123456789012345678',
  () => 'process.env.API_KEY',
  () => 'os.environ["TOKEN"]',
  () => 'true',
  () => 'null',
  () => 'undefined',
  () => 'password',
  () => 'test',
  () => 'secret',
  () => 'foobar',
  () => 'Bearer',
  () => 'required|string|min:8',
  () => 'Enter your password',
  () => 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db',
  () => 'vault:secret/data/prod#password',
  () => 'op://Production/database/password',
  () => '/run/secrets/db_password',
  () => 'file:///etc/acme/token',
  () => 'projects/acme/secrets/api-key/versions/latest',
  () => 'ENC[AES256_GCM,data:example]',
  () => 'sha256',
  () => 'AuthenticationTokenProvider',
  () => 'com.acme.security.TokenService',
  () => 'user.profile.password.label',
  () => ['AKIA', 'IOSFODNN7', 'EXAMPLE'].join(''),
  () => ['wJalrXUtnFEMI/K7MDENG', '/bPxRfiCY', 'EXAMPLEKEY'].join(''),
  () => `ghp_${'x'.repeat(36)}`,
  () => `sk_test_${'0'.repeat(24)}`,
  () => `xoxb-your-token-goes-here`,
  () => `glpat-${'X'.repeat(20)}`,
  () => `npm_${'A'.repeat(36)}`,
]

/** Whole lines that no credential stands in. */
const LINES: readonly { readonly id: string; render(random: Random): string }[] = [
  { id: 'git log', render: (r) => `commit ${r.text(HEX, 40)}\nAuthor: Ada <ada@acme.example>\n\n    Fix the build\n` },
  { id: 'git index', render: (r) => `diff --git a/x b/x\nindex ${r.text(HEX, 7)}..${r.text(HEX, 7)} 100644\n` },
  { id: 'sha256 sum', render: (r) => `${r.text(HEX, 64)}  dist/acme-4.2.tar.gz\n` },
  { id: 'md5 sum', render: (r) => `MD5 (acme.iso) = ${r.text(HEX, 32)}\n` },
  { id: 'npm integrity', render: (r) => `      "integrity": "sha512-${r.bytes(64).toString('base64')}",\n` },
  { id: 'yarn integrity', render: (r) => `  integrity sha1-${r.bytes(20).toString('base64')}\n` },
  { id: 'go sum', render: (r) => `github.com/acme/x v1.2.${r.int(9)} h1:${r.bytes(32).toString('base64')}\n` },
  { id: 'cargo lock', render: (r) => `checksum = "${r.text(HEX, 64)}"\n` },
  { id: 'pip hash', render: (r) => `requests==2.32.0 --hash=sha256:${r.text(HEX, 64)}\n` },
  { id: 'gem lock', render: (r) => `  revision: ${r.text(HEX, 40)}\n  branch: main\n` },
  { id: 'docker digest', render: (r) => `FROM node@sha256:${r.text(HEX, 64)}\n` },
  { id: 'uuid', render: (r) => `{"id":"${uuid(r)}","requestId":"${uuid(r)}"}\n` },
  { id: 'uuid field', render: (r) => `tenant_id: ${uuid(r)}\nclient_id = "${uuid(r)}"\n` },
  {
    id: 'data image',
    render: (r) => `<img src="data:image/png;base64,iVBORw0KGgo${r.bytes(240).toString('base64')}">\n`,
  },
  {
    id: 'font',
    render: (r) => `src: url(data:font/woff2;base64,d09GMgAB${r.bytes(300).toString('base64')}) format("woff2");\n`,
  },
  { id: 'source map', render: (r) => `{"version":3,"mappings":"${r.text(`${BASE64};,`, 400)}"}\n` },
  {
    id: 'certificate',
    render: (r) =>
      `-----BEGIN CERTIFICATE-----\n${(
        r
          .bytes(600)
          .toString('base64')
          .match(/.{1,64}/g) ?? []
      ).join('\n')}\n-----END CERTIFICATE-----\n`,
  },
  {
    id: 'public key',
    render: (r) =>
      `-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQ${r.bytes(250).toString('base64')}\n-----END PUBLIC KEY-----\n`,
  },
  {
    id: 'ssh public key',
    render: (r) =>
      `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${r.bytes(32).toString('base64').replaceAll('=', '')} ada@acme\n`,
  },
  { id: 'known hosts', render: (r) => `github.com ssh-rsa AAAAB3NzaC1yc2EAAA${r.bytes(250).toString('base64')}\n` },
  { id: 'fingerprint', render: (r) => `2048 SHA256:${r.bytes(32).toString('base64').replace('=', '')} ada (RSA)\n` },
  {
    id: 'pgp signature',
    render: (r) =>
      `-----BEGIN PGP SIGNATURE-----\n\niQIzBAABCAAdFiEE${r.bytes(200).toString('base64')}\n-----END PGP SIGNATURE-----\n`,
  },
  {
    id: 'pem header in code',
    render: () => `if (text.startsWith('-----BEGIN RSA PRIVATE KEY-----')) parse(text)\n`,
  },
  { id: 'pem in docs', render: () => `-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----\n` },
  { id: 'css hash', render: (r) => `.button__${r.text(ALNUM, 8)} { color: #${r.text(HEX, 6)} }\n` },
  { id: 'asset name', render: (r) => `<script src="/static/main.${r.text(HEX, 20)}.chunk.js"></script>\n` },
  { id: 'etag', render: (r) => `etag: "${r.text(HEX, 32)}"\nx-request-id: ${uuid(r)}\n` },
  { id: 'csp nonce', render: (r) => `script-src 'sha256-${r.bytes(32).toString('base64')}'\n` },
  { id: 'hex vector', render: (r) => `test("sha1", "${r.text(HEX, 40)}", "${r.text(HEX, 64)}")\n` },
  {
    id: 'cipher vector',
    render: (r) => `KEY = ${r.text(HEX, 32)}\nIV = ${r.text(HEX, 32)}\nPT = ${r.text(HEX, 32)}\n`,
  },
  { id: 'ethereum address', render: (r) => `owner: "0x${r.text(HEX, 40)}"\n` },
  { id: 'cid', render: (r) => `ipfs://Qm${r.text(ALNUM, 44)}\n` },
  { id: 'random path', render: (r) => `https://cdn.acme.example/${r.text(ALNUM, 22)}/${r.text(ALNUM, 30)}.js\n` },
  {
    id: 'url without password',
    render: (r) => `url = https://git@github.com/acme/x${r.int(100)}.git\nhttp://user@host:8080/a:b@c\n`,
  },
  {
    id: 'url with placeholder',
    render: (r) =>
      `${r.pick(['https', 'postgres', 'mysql', 'redis', 'amqp'])}://${r.pick(['user:password', 'username:password', 'user:pass', '<user>:<password>', reference('USER', ':', 'PASS'), 'USER:PASSWORD', 'root:root'])}@${r.pick(['localhost:5432/db', 'example.com/repo', 'host:port/x'])}\n`,
  },
  { id: 'password type', render: () => 'type Login = { username: string; password: string; token?: string }\n' },
  { id: 'password parameter', render: () => 'def login(username: str, password: str, token=None, secret=""):\n' },
  { id: 'password label', render: () => '  "password": "Password", "passwordConfirm": "Confirm your password",\n' },
  {
    id: 'password from call',
    render: (r) =>
      `const token = await ${r.pick(['fetchToken(user.id)', 'provider.createAccessToken()', "crypto.randomBytes(32).toString('hex')"])}\n`,
  },
  {
    id: 'password from object',
    render: () => 'this.password = options.password; secret: config.get("auth.secret"), apiKey: settings.apiKey,\n',
  },
  {
    id: 'password compare',
    render: () => "if (password === 'admin') throw new Error('token: invalid_token_format')\n",
  },
  {
    id: 'password html',
    render: () => '<input type="password" name="password" placeholder="Password" autocomplete="current-password">\n',
  },
  {
    id: 'token kinds',
    render: () => "token = tokens.IDENTIFIER; key: 'ArrowDown'; secret_type: password_hash_algorithm\n",
  },
  {
    id: 'error text',
    render: () => 'error: password authentication failed for user "app"; token: Unexpected end of input\n',
  },
  {
    id: 'yaml reference',
    render: () =>
      'env:\n  - name: DB_PASSWORD\n    valueFrom:\n      secretKeyRef:\n        name: db-credentials\n        key: password\n',
  },
  {
    id: 'terraform reference',
    render: () => 'password = var.db_password\ntoken = data.vault_generic_secret.github.data["token"]\n',
  },
  {
    id: 'cloudformation',
    render: () =>
      `MasterUserPassword: !Sub '{{resolve:secretsmanager:${reference('Secret')}:SecretString:password}}'\n`,
  },
  {
    id: 'shell reference',
    render: () =>
      'export TOKEN="$(gcloud auth print-access-token)"\ncurl -u "$USER:$PASSWORD" -H "Authorization: Bearer $TOKEN" https://x\n',
  },
  {
    id: 'bearer in docs',
    render: () =>
      'Authorization: Bearer <token>\nAuthorization: Basic base64(user:password)\nAuthorization: Bearer YOUR_ACCESS_TOKEN\n',
  },
  { id: 'jwt in docs', render: () => 'A token has the form header.payload.signature, such as eyJ...\n' },
  {
    id: 'base64 text',
    render: (r) =>
      `body: ${Buffer.from(`Nothing to see here, only words about the weather on day ${r.int(365)} of the year.`).toString('base64')}\n`,
  },
  { id: 'base64 bytes', render: (r) => `payload = "${r.bytes(90).toString('base64')}"\n` },
  {
    id: 'long identifier',
    render: (r) =>
      `export function ${r.pick(['validateAuthenticationTokenForRefresh', 'createPasswordResetRequestHandler'])}${r.int(9)}() {}\n`,
  },
  {
    id: 'css class list',
    render: () => '<div class="password-field token-input secret-key-wrapper is-hidden md:w-full"></div>\n',
  },
  { id: 'translation', render: () => 'msgid "password: incorrect"\nmsgstr "mot de passe : incorrect"\n' },
  {
    id: 'locale keys',
    render: () => 'auth.password.reset.title=Reset your password\nauth.token.expired=Your session token has expired\n',
  },
  {
    id: 'public keys of services',
    render: (r) => `stripe: pk_${r.pick(['live', 'test'])}_${r.text(ALNUM, 24)}\nsite key\n`,
  },
  {
    id: 'analytics',
    render: (r) => `gtag('config', 'G-${r.text(UPPER + DIGITS, 10)}');\nga('create', 'UA-${r.text(DIGITS, 8)}-1');\n`,
  },
  {
    id: 'slack channel',
    render: (r) => `channel: C${r.text(UPPER + DIGITS, 10)}\nuser: U${r.text(UPPER + DIGITS, 10)}\n`,
  },
  {
    id: 'aws ids',
    render: (r) => `arn:aws:iam::${r.text(DIGITS, 12)}:role/Deploy\nami-${r.text(HEX, 17)}\nsg-${r.text(HEX, 17)}\n`,
  },
  { id: 'phone and card', render: (r) => `+41 ${r.text(DIGITS, 9)}, 4242 4242 4242 ${r.text(DIGITS, 4)}\n` },
  {
    id: 'cursor',
    render: (r) => `"nextPageToken": "${r.text(BASE64URL, 24)}", "cursor": "${r.bytes(15).toString('base64')}"\n`,
  },
  {
    id: 'primary key',
    render: (r) =>
      `"key": "${r.text(HEX, 24)}", "sort_key": "${r.text(LOWER, 12)}#${r.int(999)}", "partitionKey": "${uuid(r)}"\n`,
  },
  {
    id: 'public key field',
    render: (r) => `public_key: "${r.bytes(32).toString('base64')}"\nkey_id: ${r.text(HEX, 16)}\n`,
  },
  {
    id: 'cache key',
    render: (r) => `cache_key = "${r.text(HEX, 40)}"\nkey: npm-\${{ hashFiles('**/package-lock.json') }}\n`,
  },
]

/** Variables as shells and templates write them; other words as they are. */
function reference(...words: readonly string[]): string {
  return words.map((word) => (/^[A-Za-z]/.test(word) ? `$\{${word}}` : word)).join('')
}

export function lookAlikes(): readonly LookAlike[] {
  const random = createRandom(seedOf('look-alikes'))
  const named = SURROUNDINGS.filter(({ isNamed }) => isNamed)
  const values = PLACEHOLDERS.flatMap((make, kind) =>
    Array.from({ length: PER_VALUE }, (_, at) => {
      const around = named[(kind + at) % named.length] ?? SURROUNDINGS[0]
      const value = make(random)
      return { id: `placeholder ${value}`, text: around?.render(random.pick(NAMES), value, random) ?? value }
    }),
  )
  const lines = LINES.flatMap(({ id, render }) =>
    Array.from({ length: PER_LINE }, () => ({ id, text: render(random) })),
  )
  return [...values, ...lines]
}
