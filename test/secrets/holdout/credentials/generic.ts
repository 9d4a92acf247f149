/** Credentials that no vendor gave a shape: passwords, database URLs, signing secrets, home-made API keys. */
import { credential, known, secret } from './credential.ts'

export const GENERIC = [
  credential(
    'generic-password',
    [known('DB_USER DB_USERNAME', '%user%'), secret('DB_PASSWORD DATABASE_PASSWORD DB_PASS', '%password%', '%strong%')],
    'mysql -h %host% -u {0} -p{1} %db% < dump.sql',
    "PGPASSWORD='{1}' psql -h %host% -U {0} %db%",
  ),
  credential(
    'generic-admin-password',
    [
      known('ADMIN_USER', 'admin', '%email%'),
      secret('ADMIN_PASSWORD ROOT_PASSWORD ADMIN_PASS', '%password%', '%strong%'),
    ],
    "curl -u '{0}:{1}' https://%host%/admin/health",
  ),
  credential(
    'generic-passphrase',
    [secret('BACKUP_PASSPHRASE RESTIC_PASSWORD BORG_PASSPHRASE GPG_PASSPHRASE', '%phrase%', '%strong%')],
    "RESTIC_PASSWORD='{0}' restic -r sftp:%host%:/srv/backup backup .",
  ),
  credential(
    'generic-api-key',
    [
      known('API_BASE_URL', 'https://api.%domain%/v2'),
      secret('API_KEY SERVICE_API_KEY PARTNER_API_KEY X_API_KEY', '%a32%', '%h40%', '%w43%', '%a48%'),
    ],
    'curl -H "X-Api-Key: {1}" {0}/orders',
  ),
  credential(
    'generic-client-secret',
    [
      known('OAUTH_CLIENT_ID CLIENT_ID', '%app%-web', '%uuid%'),
      secret('OAUTH_CLIENT_SECRET CLIENT_SECRET OIDC_CLIENT_SECRET', '%uuid%', '%a32%', '%w43%'),
    ],
    'curl -d "grant_type=client_credentials&client_id={0}&client_secret={1}" https://auth.%domain%/oauth/token',
  ),
  credential(
    'generic-access-token',
    [secret('ACCESS_TOKEN AUTH_TOKEN SERVICE_TOKEN INTERNAL_TOKEN', '%h64%', '%w40%', '%a36%')],
    'curl -H "Authorization: Bearer {0}" https://%host%/internal/jobs',
  ),
  credential('generic-encryption-key', [
    secret('ENCRYPTION_KEY DATA_ENCRYPTION_KEY AES_KEY MASTER_KEY', '%h64%', '%z32%', '%h32%'),
  ]),
  credential(
    'jwt-signing-secret',
    [secret('JWT_SECRET JWT_SIGNING_KEY ACCESS_TOKEN_SECRET', '%w64%', '%h64%', '%z48%', '%phrase%')],
    "const token = jwt.sign({ sub: user.id }, '{0}', { expiresIn: '7d' })",
  ),
  credential(
    'session-secret',
    [secret('SESSION_SECRET COOKIE_SECRET SECRET_KEY', '%h64%', '%a50%', '%strong%')],
    "app.use(session({ secret: '{0}', resave: false }))",
  ),
  credential('rails-secret-key-base', [secret('SECRET_KEY_BASE', '%h128%')]),
  credential('laravel-app-key', [secret('APP_KEY', 'base64:%z32%')]),
  credential('django-secret-key', [
    secret('DJANGO_SECRET_KEY SECRET_KEY', 'django-insecure-%l40%#%l9%', '%l20%^%l12%@%l16%'),
  ]),
  credential('webhook-secret', [
    secret('WEBHOOK_SECRET GITHUB_WEBHOOK_SECRET HMAC_SECRET', '%h40%', '%a32%', '%strong%'),
  ]),
  credential(
    'postgres-url',
    [
      secret(
        'DATABASE_URL POSTGRES_URL DB_URL',
        'postgres://%app%:«%urlpass%»@%host%:5432/%db%',
        'postgresql+asyncpg://%app%:«%urlpass%»@%host%/%db%?sslmode=require',
      ),
    ],
    'psql {0}',
    "engine = create_engine('{0}')",
    "const pool = new Pool({ connectionString: '{0}' })",
  ),
  credential(
    'mysql-url',
    [
      secret(
        'DATABASE_URL MYSQL_URL',
        'mysql://%app%:«%urlpass%»@%host%:3306/%db%',
        'mysql+pymysql://root:«%urlpass%»@%host%/%db%',
      ),
    ],
    "engine = create_engine('{0}')",
  ),
  credential(
    'mongodb-url',
    [
      secret(
        'MONGO_URL MONGODB_URI MONGO_URI',
        'mongodb+srv://%app%:«%urlpass%»@cluster0.%l5%.mongodb.net/%db%?retryWrites=true',
        'mongodb://root:«%urlpass%»@%host%:27017/?authSource=admin',
      ),
    ],
    "mongoose.connect('{0}')",
    "mongosh '{0}'",
  ),
  credential(
    'redis-url',
    [
      secret(
        'REDIS_URL CELERY_BROKER_URL CACHE_URL',
        'redis://:«%urlpass%»@%host%:6379/0',
        'rediss://default:«%a24%»@%host%:6380',
      ),
    ],
    "r = redis.from_url('{0}')",
    'redis-cli -u {0} PING',
  ),
  credential('amqp-url', [
    secret(
      'AMQP_URL RABBITMQ_URL CLOUDAMQP_URL',
      'amqps://%c8%:«%w32%»@%host%/%c8%',
      'amqp://%app%:«%urlpass%»@%host%:5672/',
    ),
  ]),
  credential('sqlserver-connection-string', [
    secret(
      'DEFAULT_CONNECTION SQL_CONNECTION_STRING',
      'Server=tcp:%app%.database.windows.net,1433;Initial Catalog=%db%;User ID=%app%;Password=«%strong%»;Encrypt=True;',
      'Data Source=%host%;Database=%db%;Uid=sa;Pwd=«%password%»;',
    ),
  ]),
  credential('jdbc-url', [
    secret(
      'JDBC_URL SPRING_DATASOURCE_URL',
      'jdbc:postgresql://%host%:5432/%db%?user=%app%&password=«%urlpass%»',
      'jdbc:oracle:thin:%app%/«%urlpass%»@%host%:1521:ORCL',
    ),
  ]),
  credential(
    'basic-auth-url',
    [
      secret(
        'FEED_URL PROXY_URL HTTPS_PROXY REPO_URL',
        'https://%person%:«%urlpass%»@%host%/feed.json',
        'http://%person%:«%urlpass%»@proxy.%domain%:3128',
        'ftp://%app%:«%urlpass%»@ftp.%domain%/inbound',
      ),
    ],
    'curl -O {0}',
    'wget -q {0}',
  ),
  credential(
    'smtp-password',
    [
      known('SMTP_USER MAIL_USERNAME', '%email%'),
      secret('SMTP_PASSWORD MAIL_PASSWORD EMAIL_HOST_PASSWORD', '%strong%', '%c16%', 'BK%s42%'),
    ],
    "server.login('{0}', '{1}')",
  ),
  credential(
    'ldap-bind-password',
    [
      known('LDAP_BIND_DN', 'cn=reader,dc=%company%,dc=net'),
      secret('LDAP_BIND_PASSWORD LDAP_PASSWORD', '%password%', '%strong%'),
    ],
    "ldapsearch -H ldaps://%host% -D '{0}' -w '{1}' -b dc=%company%,dc=net",
  ),
  credential(
    'ssh-password',
    [
      known('SSH_USER', '%user%'),
      secret('SSH_PASSWORD ANSIBLE_PASSWORD ANSIBLE_BECOME_PASS', '%password%', '%strong%'),
    ],
    "sshpass -p '{1}' ssh {0}@%host%",
    "sshpass -p '{1}' rsync -a dist/ {0}@%host%:/srv/www/",
  ),
  credential(
    'keystore-password',
    [secret('KEYSTORE_PASSWORD KEY_PASSWORD STORE_PASSWORD', '%password%', '%a16%')],
    "keytool -list -keystore release.jks -storepass '{0}'",
    "jarsigner -storepass '{0}' -keystore release.jks app.apk upload",
  ),
  credential(
    'totp-seed',
    [
      secret(
        'TOTP_SECRET TWO_FACTOR_SECRET',
        '%t32%',
        'otpauth://totp/%company%:%person%?secret=«%t32%»&issuer=%company%',
      ),
    ],
    "oathtool --totp -b '{0}'",
  ),
  credential(
    'crypto-wallet-key',
    [secret('PRIVATE_KEY DEPLOYER_PRIVATE_KEY WALLET_PRIVATE_KEY', '0x%h64%', '%h64%')],
    'forge create --private-key {0} src/Vault.sol:Vault',
  ),
  credential(
    'jwt',
    [secret('API_TOKEN JWT ID_TOKEN SERVICE_JWT', '%jwt%')],
    'curl -H "Authorization: Bearer {0}" https://api.%domain%/v1/me',
    "http.setHeader('Authorization', 'Bearer {0}')",
  ),
  credential(
    'basic-auth-header',
    [secret('AUTH_HEADER AUTHORIZATION BASIC_AUTH', 'Basic «%basic%»')],
    'curl -H "Authorization: {0}" https://%host%/api/status',
    "headers = {'Authorization': '{0}'}",
  ),
]
