/** Logs, API answers, dumps, URLs and prose without a secret. */
import { agree, draw } from '../fill.ts'
import { type Family, lines } from './artefacts.ts'

const from =
  (...templates: readonly string[]): Family =>
  (chance) =>
    agree(chance.pick(templates), chance)

/** The words of a log-in page, by language. */
const TRANSLATIONS: readonly (readonly [
  language: string,
  password: string,
  forgot: string,
  token: string,
  secret: string,
])[] = [
  ['de', 'Passwort', 'Passwort vergessen?', 'Zugriffstoken', 'Geheimnis'],
  ['fr', 'Mot de passe', 'Mot de passe oublié ?', 'Jeton d’accès', 'Clé secrète'],
  ['es', 'Contraseña', '¿Has olvidado tu contraseña?', 'Token de acceso', 'Clave secreta'],
  ['pt-BR', 'Senha', 'Esqueceu a senha?', 'Token de acesso', 'Chave secreta'],
  ['it', 'Password', 'Password dimenticata?', 'Token di accesso', 'Chiave segreta'],
  ['nl', 'Wachtwoord', 'Wachtwoord vergeten?', 'Toegangstoken', 'Geheime sleutel'],
  ['sv', 'Lösenord', 'Glömt lösenordet?', 'Åtkomsttoken', 'Hemlig nyckel'],
  ['pl', 'Hasło', 'Nie pamiętasz hasła?', 'Token dostępu', 'Tajny klucz'],
  ['cs', 'Heslo', 'Zapomněli jste heslo?', 'Přístupový token', 'Tajný klíč'],
  ['tr', 'Şifre', 'Şifrenizi mi unuttunuz?', 'Erişim belirteci', 'Gizli anahtar'],
  ['ru', 'Пароль', 'Забыли пароль?', 'Токен доступа', 'Секретный ключ'],
  ['uk', 'Пароль', 'Забули пароль?', 'Токен доступу', 'Секретний ключ'],
  ['el', 'Κωδικός', 'Ξεχάσατε τον κωδικό;', 'Διακριτικό', 'Μυστικό κλειδί'],
  ['ja', 'パスワード', 'パスワードをお忘れですか', 'アクセストークン', '秘密鍵'],
  ['ko', '비밀번호', '비밀번호를 잊으셨나요?', '액세스 토큰', '비밀 키'],
  ['zh-CN', '密码', '忘记密码？', '访问令牌', '密钥'],
  ['ar', 'كلمة المرور', 'هل نسيت كلمة المرور؟', 'رمز الوصول', 'المفتاح السري'],
  ['fi', 'Salasana', 'Unohditko salasanan?', 'Käyttöoikeustunnus', 'Salainen avain'],
]

export const RECORDS: Readonly<Record<string, Family>> = {
  'translations-json': (chance) => {
    const [language, password, forgot, token, secret] = chance.pick(TRANSLATIONS)
    return JSON.stringify(
      {
        locale: language,
        login: {
          password,
          forgotPassword: forgot,
          passwordPlaceholder: password,
          apiToken: token,
          clientSecret: secret,
          password_confirmation: `${password} (2)`,
          [draw('%noun%_token', chance)]: token,
        },
      },
      null,
      2,
    )
  },
  'translations-po': (chance) => {
    const [language, password, forgot, token, secret] = chance.pick(TRANSLATIONS)
    return `"Language: ${language}\\n"\n\n#: ${draw('src/%noun%.c:%d3%', chance)}\nmsgid "Password"\nmsgstr "${password}"\n\nmsgid "Forgot password?"\nmsgstr "${forgot}"\n\nmsgid "Access token"\nmsgstr "${token}"\n\nmsgid "Secret key"\nmsgstr "${secret}"\n`
  },
  'translations-properties': (chance) => {
    const [, password, forgot, token, secret] = chance.pick(TRANSLATIONS)
    return `${draw('%noun%', chance)}.title=${password}\nlogin.password=${password}\nlogin.password.forgot=${forgot}\nlogin.password.new=${password}:\napi.token=${token}\napi.secret=${secret}\n`
  },
  'translations-yaml': (chance) => {
    const [language, password, forgot, token, secret] = chance.pick(TRANSLATIONS)
    return `${language}:\n  ${draw('%noun%', chance)}:\n    password: "${password}"\n    current_password: ${password}\n    forgot_password: ${forgot}\n    token: ${token}\n    secret: ${secret}\n`
  },
  'translations-android': (chance) => {
    const [, password, forgot, token] = chance.pick(TRANSLATIONS)
    return `<resources>\n    <string name="password">${password}</string>\n    <string name="forgot_password">${forgot}</string>\n    <string name="${draw('%noun%', chance)}_token">${token}</string>\n</resources>\n`
  },
  'application-log': (chance) =>
    lines(
      chance,
      5,
      40,
      '%day%T%time%.%d3%Z INFO  [%role%] request_id=%uuid% trace=%h32% span=%h16% user=%d5% path=/%noun%s/%h24% status=200 ms=%d3%',
    ),
  'access-log': (chance) =>
    lines(
      chance,
      5,
      40,
      '10.%d1%.%d2%.%d1% - - [%day%:%time% +0000] "GET /assets/%noun%.%h20%.js?v=%h8% HTTP/1.1" 200 %d5% "https://%host%/" "Mozilla/5.0"',
    ),
  'auth-log': (chance) =>
    lines(
      chance,
      4,
      30,
      'Jan %n1% %time% %app% sshd[%d4%]: Failed password for invalid user %person% from 10.%d2%.%d1%.%d2% port %d5% ssh2\nJan %n1% %time% %app% sshd[%d4%]: Accepted publickey for %person% from 10.0.%d1%.%d2% port %d5% ssh2: ED25519 SHA256:%s43%',
    ),
  'masked-log': (chance) =>
    lines(
      chance,
      3,
      14,
      '%day%T%time%Z ##[debug] token=*** password=[FILTERED] api_key=%a4%**** secret=<hidden> %noun%=%d4%',
    ),
  'api-answer-ids': (chance) =>
    `{\n  "object": "list",\n  "data": [\n${lines(chance, 2, 10, '    { "id": "ch_3%a23%", "customer": "cus_%a14%", "payment_intent": "pi_3%a23%", "price": "price_1%a23%", "created": 17%d8%, "fingerprint": "%a16%" },')}\n    {}\n  ]\n}\n`,
  'api-answer-mongo': (chance) =>
    `[\n${lines(chance, 2, 14, '  { "_id": { "$oid": "%h24%" }, "%noun%": "%uuid%", "ulid": "01%k24%", "short": "%w21%", "rev": "%n1%-%h32%" },')}\n  {}\n]\n`,
  'api-answer-forge': (chance) =>
    `[\n${lines(chance, 2, 10, '  { "sha": "%h40%", "node_id": "C_kwDO%w44%", "url": "https://api.github.com/repos/%company%/%app%/commits/%h40%", "verification": { "verified": true, "reason": "valid" } },')}\n  {}\n]\n`,
  'api-answer-aws': (chance) =>
    `{\n  "Instances": [\n${lines(chance, 1, 6, '    { "InstanceId": "i-0%h16%", "ImageId": "ami-0%h16%", "SubnetId": "subnet-0%h16%", "Arn": "arn:aws:iam::%d12%:role/%app%", "KeyName": "%app%-key", "OwnerId": "%d12%", "ETag": "\\"%h32%\\"" },')}\n    {}\n  ]\n}\n`,
  'page-cursors': (chance) =>
    draw(
      '{ "items": [], "next_page_token": "%Z60%", "cursor": "Y3Vyc29yOnYyOpK5%w24%", "continuationToken": "%z48%", "syncToken": "%d12%_%noun%", "etag": "%w27%" }\n',
      chance,
    ),
  'tracking-urls': (chance) =>
    lines(
      chance,
      3,
      20,
      'https://www.%domain%/%noun%/%d6%?utm_source=mail&utm_campaign=%app%&gclid=EAIaIQobChMI%w50%&fbclid=IwAR%w60%&mc_eid=%h10%&_ga=2.%d9%.%d9%.%d10%',
    ),
  'asset-urls': (chance) =>
    lines(
      chance,
      3,
      14,
      'https://lh3.googleusercontent.com/a/ACg8oc%w50%=s96-c\nhttps://images.%domain%/photo-%d13%-%h12%?ixid=%a36%&auto=format\nhttps://docs.google.com/document/d/1%w43%/edit#heading=h.%l12%\nhttps://%a14%.cloudfront.net/%uuid%/%noun%.jpg',
    ),
  'meeting-links': (chance) =>
    lines(
      chance,
      2,
      8,
      'Join: https://teams.microsoft.com/l/meetup-join/19%3ameeting_%a48%%40thread.v2/0?context=%7b%22Tid%22%3a%22%uuid%%22%7d\nCalendar: https://www.google.com/calendar/event?eid=%a60%',
    ),
  changelog: (chance) =>
    lines(
      chance,
      3,
      14,
      '## %version% (%day%)\n\n* **%role%:** %verb% %noun% token cache ([%h7%](https://github.com/%company%/%app%/commit/%h40%)), closes #%d4%\n* %verb% password reset for %noun%\n* rotate the API key without a restart (#%d3%)\n',
    ),
  'documentation-tokens': from(
    '# Authentication\n\nEvery request carries a token in `Authorization: Bearer <token>`. Tokens start with `ghp_`, those of apps with `ghs_`. Never commit a token; keep it in a secret store such as %app%. A password has at least %int20% characters.\n',
    '## Secrets\n\nCreate an API key under **Settings → API keys**, then export it:\n\n```sh\nexport API_KEY=...\nexport %company%_TOKEN="<your token>"\n```\n\nThe key is shown once. Revoke it with `%app% tokens revoke ID`.\n',
    'Q: Where is my password stored?\nA: Nowhere. We store a salted hash (argon2id). The secret of %noun% never leaves your machine.\nQ: My token does not work.\nA: Tokens expire after %int90% days.\n',
    '# Security\n\nReport holes to security@%domain%. Our key: `%H4% %H4% %H4% %H4% %H4%  %H4% %H4% %H4% %H4% %H4%`. Do not send passwords, tokens or private keys by mail.\n',
  ),
  'documentation-commands': from(
    '```sh\n$ %app% login --user <name> --password-stdin < password.txt\n$ %app% token create --ttl 24h --name %noun%\n$ openssl rand -hex 32 > .secret\n$ ssh-keygen -t ed25519 -C "%email%"\n```\n',
    'Usage: %app% [options]\n\n  --password PASSWORD   password of the %noun%\n  --token TOKEN         API token (default: $%app%_TOKEN)\n  --secret-file FILE    reads the secret from FILE\n  --api-key=KEY         same as $API_KEY\n',
    'man page: passwd(1)\n\nNAME\n  passwd - change the password of %person%\nSYNOPSIS\n  passwd [-l] [-u] [USER]\n',
  ),
  'sql-dump': (chance) =>
    `COPY public.${draw('%noun%', chance)}s (id, external_id, digest, created) FROM stdin;\n${lines(chance, 5, 40, '%int9999%\t%uuid%\t%h64%\t%day% %time%')}\n\\.\n`,
  'csv-ids': (chance) => `id,sku,ean,batch,checked\n${lines(chance, 6, 60, '%uuid%,%k4%-%k6%,%d13%,%h12%,%day%')}\n`,
  'csv-numbers': (chance) => `lat,lon,value\n${lines(chance, 10, 80, '%d2%.%d6%,%d1%.%d6%,%d4%.%d2%')}\n`,
  sequences: (chance) =>
    `>${draw('chr%int22%:%d8%', chance)}\n${chance.times(5, 30, () => chance.chars('ACGT', 70)).join('\n')}\n`,
  'chain-data': (chance) =>
    lines(
      chance,
      2,
      14,
      '{ "blockHash": "0x%h64%", "transactionHash": "0x%h64%", "from": "0x%h40%", "to": "0x%h40%", "logIndex": %d2%, "data": "0x%h128%" }',
    ),
  'content-addresses': (chance) =>
    lines(
      chance,
      3,
      20,
      'ipfs://bafybei%y52%/%noun%.json Qm%bfiftyeight44%\nmagnet:?xt=urn:btih:%h40%&dn=%app%-%version%',
    ),
  'docker-build-log': (chance) =>
    lines(
      chance,
      5,
      30,
      '#%int30% [%role% %int9%/9] COPY --from=build /app /app\n#%int30% sha256:%h64% %d2%.%d2%MB / %d2%.%d2%MB %n1%.%d1%s done\n#%int30% exporting manifest sha256:%h64% done',
    ),
  'vendor-public-keys': (chance) =>
    draw(
      "window.config = {\n  stripe: 'pk_live_51%a97%',\n  recaptcha: '6L%w38%',\n  sentry: 'https://%h32%@o%d6%.ingest.sentry.io/%d7%',\n  analytics: 'G-%k10%',\n  paypalClientId: 'A%w79%',\n  pushPublicKey: 'B%w86%',\n}\n",
      chance,
    ),
  'hardware-ids': (chance) =>
    lines(
      chance,
      3,
      20,
      'usb %n1%-%n1%: SerialNumber: %k16% MAC %h2%:%h2%:%h2%:%h2%:%h2%:%h2% IMEI %d15% UUID=%uuid% PARTUUID=%h8%-%h2%',
    ),
  'crash-report': (chance) =>
    `Incident Identifier: ${draw('%H8%-%H4%-%H4%-%H4%-%H12%', chance)}\nHardware Model: iPhone15,3\n\n${lines(chance, 6, 30, '%int20%  %app%  0x00000001%h8% 0x100000000 + %d7%')}\n\nBinary Images:\n${lines(chance, 2, 8, '0x1%h8% - 0x1%h8% %app% arm64 <%h32%> /usr/lib/%app%')}\n`,
  'password-advice': from(
    'A good password has many words. Do not use your birthday, %person% or the name of a %noun%. Change the default password when you install %app%. Passwords that are leaked are rejected.\n',
    'Subject: Your password was changed\n\nHello %person%,\n\nthe password of your account %email% was changed on %day%. If that was not you, open https://%host%/account and reset your password.\n',
    'Ticket #%d5%: user cannot log in, password expired. Reset done, token sent by mail, asked %person% to enrol a second factor. Secret questions are switched off.\n',
    'Minutes, %day%\n- %person%: API key rotation is done for %app%\n- %person% will move the password of %noun% into the vault\n- token: still open\n',
  ),
}
