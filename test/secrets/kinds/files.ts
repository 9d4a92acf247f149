/** Credentials in lines and files of their own: private keys, password files, URLs, configuration of tools. */
import { ALNUM, BASE64, BASE64URL, HEX, LOWER, LOWER_ALNUM, type Random } from '../random.ts'
import { block, type Kind, named } from './kind.ts'

const PEM = 'https://www.rfc-editor.org/rfc/rfc7468'

function wrapped(random: Random, bytes: number, width: number, start = ''): string {
  return (`${start}${random.bytes(bytes).toString('base64')}`.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join('\n')
}

function pem(id: string, page: string, label: string, bytes: number, start: string, width = 64): Kind {
  return block(id, page, (r) => {
    const text = `-----BEGIN ${label}-----\n${wrapped(r, bytes, width, start)}\n-----END ${label}-----`
    return { secrets: [text], block: text }
  })
}

const SYMBOLS = '!#%&*+-=?@^_'

/** A password as managers make them. */
function password(random: Random): string {
  const length = 10 + random.int(12)
  return `${random.text(LOWER, 1)}${random.text(ALNUM, length)}${random.text('23456789', 1)}${random.text(SYMBOLS, 1)}${random.text(ALNUM, 2)}`
}

/** One that may stand in a URL as it is. */
function urlPassword(random: Random): string {
  return `${random.text(LOWER, 2)}${random.text(ALNUM, 10 + random.int(10))}${random.text('23456789', 1)}`
}

function url(
  id: string,
  scheme: string,
  rest: string,
  page = 'https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1',
): Kind {
  return block(id, page, (r) => {
    const secret = urlPassword(r)
    const name = r.pick(['DATABASE_URL', 'CONNECTION', 'BACKEND_URL', 'DSN'])
    const line = `${scheme}://${r.pick(['app', 'svc-orders', 'deploy', 'ci'])}:${secret}@${rest}`
    return {
      secrets: [secret],
      block: r.pick([
        `${name}=${line}`,
        `${name.toLowerCase()}: "${line}"`,
        `const ${LOWER[r.int(26)]} = connect('${line}')`,
        line,
      ]),
    }
  })
}

export const FILES: readonly Kind[] = [
  pem('private-key-rsa', PEM, `RSA PRIVATE KEY`, 1190, 'MIIEpAIBAAKCAQEA'),
  pem('private-key-ec', PEM, `EC PRIVATE KEY`, 121, 'MHcCAQEEI'),
  pem('private-key-pkcs8', PEM, `PRIVATE KEY`, 1218, 'MIIEvQIBADANBgkq'),
  pem('private-key-encrypted', PEM, `ENCRYPTED PRIVATE KEY`, 1320, 'MIIFHDBOBgkqhkiG'),
  pem('private-key-dsa', PEM, `DSA PRIVATE KEY`, 440, 'MIIBugIBAAKBgQ'),
  pem(
    'private-key-openssh',
    'https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key',
    `OPENSSH PRIVATE KEY`,
    390,
    'b3BlbnNzaC1rZXktdjEAAAAA',
    70,
  ),
  block('private-key-pgp', 'https://www.rfc-editor.org/rfc/rfc9580#section-6.2', (r) => {
    const label = `PGP PRIVATE KEY BLOCK`
    const text = `-----BEGIN ${label}-----\nVersion: GnuPG v2\n\n${wrapped(r, 900, 64, 'lQOYBF')}\n=${r.text(BASE64, 4)}\n-----END ${label}-----`
    return { secrets: [text], block: text }
  }),
  block('private-key-putty', 'https://the.earth.li/~sgtatham/putty/latest/htmldoc/AppendixC.html', (r) => {
    const text = `PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: deploy\nPublic-Lines: 2\n${wrapped(r, 51, 64)}\nPrivate-Lines: 1\n${wrapped(r, 36, 64)}\nPrivate-MAC: ${r.text(HEX, 64)}`
    return { secrets: [text], block: text }
  }),
  block('private-key-in-json', PEM, (r) => {
    const label = `RSA PRIVATE KEY`
    const key = `-----BEGIN ${label}-----\\n${wrapped(r, 1190, 64, 'MIIEpAIBAAKCAQEA').replaceAll('\n', '\\n')}\\n-----END ${label}-----\\n`
    return { secrets: [key], block: `{ "kid": "${r.text(HEX, 8)}", "privateKey": "${key}" }` }
  }),
  block('jwk-private', 'https://www.rfc-editor.org/rfc/rfc7517', (r) => {
    const secret = r.bytes(32).toString('base64url')
    return {
      secrets: [secret],
      block: `{"kty":"EC","crv":"P-256","x":"${r.bytes(32).toString('base64url')}","y":"${r.bytes(32).toString('base64url')}","d":"${secret}"}`,
    }
  }),
  block('wireguard', 'https://www.wireguard.com/#conceptual-overview', (r) => {
    const key = r.bytes(32).toString('base64')
    return { secrets: [key], block: `[Interface]\nPrivateKey = ${key}\nAddress = 10.0.0.2/32` }
  }),
  block('htpasswd-bcrypt', 'https://httpd.apache.org/docs/2.4/misc/password_encryptions.html', (r) => {
    const hash = `$2y$${r.pick(['05', '10', '12'])}$${r.text(`${ALNUM}./`, 53)}`
    return { secrets: [hash], block: `${r.pick(['ada', 'grace', 'deploy'])}:${hash}` }
  }),
  block('htpasswd-apr1', 'https://httpd.apache.org/docs/2.4/misc/password_encryptions.html', (r) => {
    const hash = `$apr1$${r.text(ALNUM, 8)}$${r.text(`${ALNUM}./`, 22)}`
    return { secrets: [hash], block: `${r.pick(['ada', 'grace', 'deploy'])}:${hash}` }
  }),
  block('shadow', 'https://man7.org/linux/man-pages/man5/shadow.5.html', (r) => {
    const hash = `$6$${r.text(ALNUM, 16)}$${r.text(`${ALNUM}./`, 86)}`
    return { secrets: [hash], block: `deploy:${hash}:19700:0:99999:7:::` }
  }),
  url('basic-auth-url', 'https', 'git.acme.example/team/app.git'),
  url(
    'postgres-url',
    'postgresql',
    'db.acme.example:5432/orders?sslmode=require',
    'https://www.postgresql.org/docs/current/libpq-connect.html',
  ),
  url(
    'mysql-url',
    'mysql',
    '10.20.0.12:3306/shop',
    'https://dev.mysql.com/doc/refman/8.4/en/connecting-using-uri-or-key-value-pairs.html',
  ),
  url(
    'mongodb-url',
    'mongodb+srv',
    'cluster0.ab1cd.mongodb.net/app',
    'https://www.mongodb.com/docs/manual/reference/connection-string/',
  ),
  url('redis-url', 'rediss', 'cache.acme.example:6380/0', 'https://redis.io/docs/latest/develop/tools/cli/'),
  url('amqp-url', 'amqps', 'mq.acme.example/prod', 'https://www.rabbitmq.com/docs/uri-spec'),
  block('odbc', 'https://learn.microsoft.com/en-us/dotnet/framework/data/adonet/connection-string-syntax', (r) => {
    const secret = password(r).replace(/[;=]/g, '_')
    return {
      secrets: [secret],
      block: `"Default": "Server=tcp:db.acme.example,1433;Database=orders;User ID=app;Password=${secret};Encrypt=True"`,
    }
  }),
  block('kubeconfig-token', 'https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/', (r) => {
    const value = r.text(ALNUM, 64)
    return { secrets: [value], block: `users:\n- name: deployer\n  user:\n    token: ${value}` }
  }),
  block('kubeconfig-key', 'https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/', (r) => {
    const label = `RSA PRIVATE KEY`
    const key = Buffer.from(
      `-----BEGIN ${label}-----\n${wrapped(r, 1190, 64, 'MIIEpAIBAAKCAQEA')}\n-----END ${label}-----\n`,
    ).toString('base64')
    return { secrets: [key], block: `users:\n- name: admin\n  user:\n    client-key-data: ${key}` }
  }),
  block('kubernetes-secret', 'https://kubernetes.io/docs/concepts/configuration/secret/', (r) => {
    const value = Buffer.from(`ghp_${r.text(ALNUM, 36)}`).toString('base64')
    return {
      secrets: [value],
      block: `apiVersion: v1\nkind: Secret\nmetadata:\n  name: git\ntype: Opaque\ndata:\n  value: ${value}`,
    }
  }),
  block('docker-config', 'https://docs.docker.com/reference/cli/docker/login/', (r) => {
    const auth = Buffer.from(`deploy:${urlPassword(r)}`).toString('base64')
    return {
      secrets: [auth],
      block: `{\n  "auths": {\n    "registry.acme.example": {\n      "auth": "${auth}"\n    }\n  }\n}`,
    }
  }),
  block('netrc', 'https://everything.curl.dev/usingcurl/netrc.html', (r) => {
    const secret = urlPassword(r)
    return { secrets: [secret], block: `machine git.acme.example\n  login deploy\n  password ${secret}` }
  }),
  block('netrc-line', 'https://everything.curl.dev/usingcurl/netrc.html', (r) => {
    const secret = urlPassword(r)
    return { secrets: [secret], block: `machine api.acme.example login deploy password ${secret}` }
  }),
  block('pgpass', 'https://www.postgresql.org/docs/current/libpq-pgpass.html', (r) => {
    const secret = urlPassword(r)
    return { secrets: [secret], block: `db.acme.example:5432:orders:app:${secret}` }
  }),
  block('npmrc', 'https://docs.npmjs.com/cli/configuring-npm/npmrc', (r) => {
    const secret = r.pick([
      r.text(BASE64URL, 36),
      `${r.text(HEX, 8)}-${r.text(HEX, 4)}-4${r.text(HEX, 3)}-a${r.text(HEX, 3)}-${r.text(HEX, 12)}`,
    ])
    return {
      secrets: [secret],
      block: `@acme:registry=https://npm.acme.example/\n//npm.acme.example/:_authToken=${secret}`,
    }
  }),
  block('pypirc', 'https://packaging.python.org/en/latest/specifications/pypirc/', (r) => {
    const secret = password(r)
    return {
      secrets: [secret],
      block: `[acme]\nrepository = https://pypi.acme.example/\nusername = deploy\npassword = ${secret}`,
    }
  }),
  block('maven-settings', 'https://maven.apache.org/settings.html#servers', (r) => {
    const secret = password(r).replace(/&/g, '_')
    return {
      secrets: [secret],
      block: `<server>\n  <id>acme</id>\n  <username>deploy</username>\n  <password>${secret}</password>\n</server>`,
    }
  }),
  block('basic-header', 'https://www.rfc-editor.org/rfc/rfc7617', (r) => {
    const value = Buffer.from(`deploy:${urlPassword(r)}`).toString('base64')
    return { secrets: [value], block: `GET /v1/jobs HTTP/1.1\nHost: ci.acme.example\nAuthorization: Basic ${value}` }
  }),
  block('curl-user', 'https://curl.se/docs/manpage.html#-u', (r) => {
    const secret = urlPassword(r)
    return { secrets: [secret], block: `curl -u deploy:${secret} https://ci.acme.example/job/app/build` }
  }),
  block('mysql-command', 'https://dev.mysql.com/doc/refman/8.4/en/password-security-user.html', (r) => {
    const secret = urlPassword(r)
    return { secrets: [secret], block: `mysql -h db.acme.example -u app -p${secret} orders < dump.sql` }
  }),
  block('sql-user', 'https://www.postgresql.org/docs/current/sql-createrole.html', (r) => {
    const secret = password(r)
    return { secrets: [secret], block: `CREATE USER app WITH PASSWORD '${secret}';` }
  }),
  named(
    'password',
    'https://cwe.mitre.org/data/definitions/798.html',
    ['password', 'db_password', 'admin_password', 'smtp_pass', 'ldap_passwd'],
    password,
  ),
  named(
    'api-key',
    'https://cwe.mitre.org/data/definitions/798.html',
    ['api_key', 'apikey', 'internal_api_key', 'x_api_key'],
    (r) => r.text(ALNUM, 32),
  ),
  named(
    'client-secret',
    'https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1',
    ['client_secret', 'oauth_client_secret', 'app_secret'],
    (r) => r.text(BASE64URL, 40),
  ),
  named(
    'signing-secret',
    'https://cwe.mitre.org/data/definitions/798.html',
    ['secret_key', 'secret_key_base', 'jwt_secret', 'session_secret', 'signing_key'],
    (r) => {
      return r.pick([r.text(HEX, 64), r.bytes(32).toString('base64'), r.text(`${LOWER_ALNUM}!@#%^&*(-_=+)`, 50)])
    },
  ),
  named(
    'access-token',
    'https://www.rfc-editor.org/rfc/rfc6750',
    ['access_token', 'auth_token', 'deploy_token', 'token'],
    (r) => r.text(BASE64URL, 43),
  ),
  named(
    'encryption-key',
    'https://cwe.mitre.org/data/definitions/321.html',
    ['encryption_key', 'master_key', 'private_key', 'aes_key'],
    (r) => {
      return r.pick([r.text(HEX, 64), r.bytes(32).toString('base64')])
    },
  ),
]
