/** Source without a secret: code about passwords, keys and tokens, forms, schemas, test vectors, minified bundles. */
import { agree, draw } from '../fill.ts'
import { type Family, lines } from './artefacts.ts'

const from =
  (...templates: readonly string[]): Family =>
  (chance) =>
    agree(chance.pick(templates), chance)

const RESET = [
  "export async function resetPassword(token: string, password: string) {\n  const user = await users.byResetToken(hash(token))\n  if (!user || user.resetExpires < Date.now()) throw new Gone('%noun% expired')\n  user.password = await bcrypt.hash(password, %int14%)\n  user.resetToken = null\n  await user.save()\n}\n",
  "def reset_password(request, uidb64, token):\n    password = request.POST['password']\n    if not default_token_generator.check_token(user, token):\n        return render(request, '%noun%/invalid.html', {'token': token})\n    user.set_password(password)\n    user.save()\n",
  'public void changePassword(String oldPassword, String newPassword) {\n    if (!encoder.matches(oldPassword, user.getPasswordHash())) {\n        throw new BadCredentialsException("wrong password for %noun%");\n    }\n    user.setPasswordHash(encoder.encode(newPassword));\n}\n',
  'func (s *Server) Login(w http.ResponseWriter, r *http.Request) {\n\tpassword := r.FormValue("password")\n\ttoken, err := s.issue(r.Context(), r.FormValue("%noun%"), password)\n\tif err != nil {\n\t\thttp.Error(w, "invalid password", http.StatusUnauthorized)\n\t\treturn\n\t}\n\tfmt.Fprint(w, token)\n}\n',
  'class PasswordsController < ApplicationController\n  def update\n    @user = User.find_by_token_for(:password_reset, params[:token])\n    if @user&.update(password: params[:password], password_confirmation: params[:password_confirmation])\n      redirect_to %noun%_path\n    end\n  end\nend\n',
  "$password = $_POST['password'];\n$token = bin2hex(random_bytes(32));\n$hash = password_hash($password, PASSWORD_BCRYPT, ['cost' => %int14%]);\n$stmt->execute([':password' => $hash, ':token' => $token, ':%noun%' => $id]);\n",
  'var token = await _userManager.GeneratePasswordResetTokenAsync(user);\nvar secret = _configuration["%company%:ClientSecret"];\nvar apiKey = Environment.GetEnvironmentVariable("API_KEY");\nawait _mail.SendAsync(user.Email, $"Reset your password: {link}");\n',
  'let password = rpassword::prompt_password("Password for %noun%: ")?;\nlet token = std::env::var("API_TOKEN").context("API_TOKEN is not set")?;\nlet secret = Secret::new(password);\nclient.login(&secret, &token).await?;\n',
  "const password = await prompt({ type: 'password', name: 'password', message: 'Password for %noun%' })\nconst apiKey = process.env.API_KEY ?? config.get('%app%.apiKey')\nconst secret = crypto.randomBytes(32).toString('hex')\nconst token = jwt.sign(payload, process.env.JWT_SECRET)\n",
  'read -rsp "Password: " PASSWORD\nTOKEN=$(curl -s -d "password=$PASSWORD" https://%host%/login | jq -r .token)\ncurl -H "Authorization: Bearer $TOKEN" https://%host%/%noun%\nunset PASSWORD TOKEN\n',
]

export const CODE: Readonly<Record<string, Family>> = {
  'password-code': from(...RESET),
  'password-tests': from(
    "it('rejects a short password', async () => {\n  await expect(signUp({ email: '%email%', password: 'short' })).rejects.toThrow('password')\n  await expect(signUp({ password: '' })).rejects.toThrow(/token|secret/)\n  const secret = randomBytes(16)\n  expect(compare(%noun%.password, secret)).toBe(false)\n})\n",
    "def test_wrong_password(client, %noun%):\n    response = client.post('/login', data={'username': 'user', 'password': 'wrong'})\n    assert response.status_code == 401\n    assert b'invalid password' in response.data\n",
  ),
  types: from(
    'export interface %noun%Options {\n  readonly apiKey: string\n  readonly password?: string | undefined\n  token: string | null\n  clientSecret: SecretString\n  privateKey: KeyObject | Buffer\n}\n',
    'type Config struct {\n\tAPIKey       string `yaml:"api_key" env:"%app%_API_KEY"`\n\tPassword     string `json:"-"`\n\tClientSecret string `yaml:"client_secret"`\n}\n',
    'class %noun%Settings(BaseSettings):\n    api_key: SecretStr\n    password: SecretStr | None = None\n    secret_key: SecretStr = Field(..., min_length=%int64%)\n    token_url: HttpUrl\n',
    'data class Login(val user: String, val password: CharArray, val token: Token?, val secret: Secret)\n',
  ),
  'html-form': from(
    '<form method="post" action="/%noun%">\n  <label for="password">Password</label>\n  <input type="password" id="password" name="password" autocomplete="current-password" placeholder="Your password" minlength="%int20%">\n  <input type="hidden" name="csrf_token" value="{{ csrf_token }}">\n  <button>Sign in</button>\n</form>\n',
    '<TextField label="API key" type="password" value={apiKey} onChange={(e) => setApiKey(e.target.value)} helperText="Starts with %c3%_" />\n<PasswordInput name="clientSecret" required error={errors.clientSecret} />\n',
  ),
  openapi: from(
    'openapi: 3.1.0\ncomponents:\n  securitySchemes:\n    apiKey:\n      type: apiKey\n      in: header\n      name: X-%company%-Key\n    bearer:\n      type: http\n      scheme: bearer\n      bearerFormat: JWT\n  schemas:\n    Login:\n      required: [username, password]\n      properties:\n        password:\n          type: string\n          format: password\n          minLength: %int20%\n',
    '{\n  "$schema": "https://json-schema.org/draft/2020-12/schema",\n  "properties": {\n    "%noun%_token": { "type": "string", "description": "Token of the %noun%", "writeOnly": true },\n    "password": { "type": "string", "pattern": "^(?=.*[A-Z])(?=.*[0-9]).{12,}$" },\n    "secret_key": { "$ref": "#/$defs/secret" }\n  }\n}\n',
  ),
  'sql-schema': from(
    "CREATE TABLE %noun%s (\n  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),\n  email text UNIQUE NOT NULL,\n  password_hash char(60) NOT NULL,\n  api_key_digest bytea,\n  reset_token varchar(64) DEFAULT NULL,\n  secret_version int REFERENCES secrets (version)\n);\nALTER USER %app% VALID UNTIL '2027-01-01';\nGRANT SELECT ON %noun%s TO reader;\n",
    'ALTER TABLE `%noun%s` ADD KEY `idx_token` (`token_id`), ADD CONSTRAINT `fk_secret` FOREIGN KEY (`secret_id`) REFERENCES `secrets` (`id`);\nSELECT password, token FROM %noun%s WHERE api_key = ? AND secret = :secret;\n',
  ),
  'terraform-reference': from(
    'variable "%noun%_password" {\n  type        = string\n  sensitive   = true\n  description = "Password of the %noun%"\n}\n\nresource "random_password" "%app%" {\n  length  = %int48%\n  special = true\n}\n\nresource "aws_db_instance" "%app%" {\n  username = "%app%"\n  password = random_password.%app%.result\n  kms_key_id = aws_kms_key.main.arn\n}\n',
    'data "aws_secretsmanager_secret_version" "%app%" {\n  secret_id = "%app%/%noun%"\n}\n\nlocals {\n  token  = jsondecode(data.aws_secretsmanager_secret_version.%app%.secret_string)["token"]\n  secret = var.client_secret\n}\n',
  ),
  'kubernetes-reference': from(
    'env:\n  - name: %noun%_PASSWORD\n    valueFrom:\n      secretKeyRef:\n        name: %app%-%role%\n        key: password\n  - name: API_TOKEN_FILE\n    value: /var/run/secrets/%app%/token\nimagePullSecrets:\n  - name: registry-%company%\n',
    'apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata:\n  name: %app%\nspec:\n  secretStoreRef:\n    name: vault\n  data:\n    - secretKey: password\n      remoteRef:\n        key: %company%/%app%\n        property: password\n',
  ),
  'workflow-reference': from(
    'env:\n  NPM_TOKEN: %dollar%{{ secrets.NPM_TOKEN }}\n  AWS_SECRET_ACCESS_KEY: %dollar%{{ secrets.AWS_%company%_SECRET }}\nsteps:\n  - uses: docker/login-action@%h40%\n    with:\n      username: %dollar%{{ github.actor }}\n      password: %dollar%{{ secrets.GITHUB_TOKEN }}\n  - run: echo "%noun%=%dollar%{TOKEN:0:4}" >> "$GITHUB_OUTPUT"\n',
    'deploy:\n  script:\n    - docker login -u "$CI_REGISTRY_USER" -p "$CI_REGISTRY_PASSWORD" "$CI_REGISTRY"\n    - curl --header "PRIVATE-TOKEN: %dollar%{%noun%_TOKEN}" "$CI_API_V4_URL/projects/$CI_PROJECT_ID/%noun%s"\n',
  ),
  'scanner-rules': from(
    '[[rules]]\nid = "%company%-token"\nregex = \'\'\'\\b%c3%_[A-Za-z0-9]{%int60%}\\b\'\'\'\nkeywords = ["%c3%_", "password", "secret"]\n',
    'const PATTERNS = [\n  /ghp_[A-Za-z0-9]{36}/,\n  /AKIA[0-9A-Z]{16}/,\n  /xox[baprs]-[0-9a-zA-Z-]{10,}/,\n  /-----%begin% (RSA |EC )?PRIVATE KEY-----/,\n  /%c4%_[a-z0-9]{%int40%}/,\n]\n',
    'func redact(s string) string {\n\t// sk-…, glpat-…, %c3%_…\n\treturn regexp.MustCompile(`(sk|pk)_(live|test)_\\w+`).ReplaceAllString(s, "[%noun%]")\n}\n',
  ),
  'pem-markers': from(
    "const BEGIN = '-----%begin% PRIVATE KEY-----'\nconst END = '-----END PRIVATE KEY-----'\n\nexport function isKey(%noun%) {\n  return %noun%.startsWith(BEGIN) && %noun%.trimEnd().endsWith(END)\n}\n",
    'if strings.Contains(%noun%, "-----%begin% RSA PRIVATE KEY-----") {\n\treturn errors.New("a private key is not allowed here")\n}\n',
    '-----%begin% PRIVATE KEY-----\n<paste the key of %app% here>\n-----END PRIVATE KEY-----\n',
    'PRIVATE_KEY="-----%begin% PRIVATE KEY-----\\nYOUR_%noun%_KEY\\n-----END PRIVATE KEY-----\\n"\n',
  ),
  'test-vectors': (chance) =>
    `# ${draw('AES-%noun% known answers', chance)}\n\n${lines(chance, 4, 20, 'COUNT = %int90%\nKEY = %h64%\nIV = %h32%\nPLAINTEXT = %h64%\nCIPHERTEXT = %h64%\nTag = %h32%\n')}`,
  'test-vectors-json': (chance) =>
    `{\n  "algorithm": "HMACSHA256",\n  "testGroups": [\n${lines(chance, 3, 12, '    { "tcId": %int300%, "key": "%h64%", "msg": "%h40%", "tag": "%h64%", "result": "valid" },')}\n    {}\n  ]\n}\n`,
  'hash-tests': (chance) =>
    `describe('sha256', () => {\n${lines(chance, 3, 14, "  it('hashes %noun% %d3%', () => expect(sha256('%noun%%d2%')).toBe('%h64%'))")}\n})\n`,
  'bcrypt-examples': (chance) =>
    lines(chance, 1, 5, "INSERT INTO users (email, password_hash) VALUES ('%email%', '$2y$12$%a53%');"),
  minified: (chance) =>
    `/*! ${draw('%app% v%version% | MIT', chance)} */\n!function(){"use strict";${chance.times(20, 200, () => draw(chance.pick(['var %c1%=function(t,e){return t.%c3%(e,%d2%)};', 'function %c2%(e){for(var t=[],n=0;n<e.length;n+=%n1%)t.push(e.charCodeAt(n)^%d2%);return t}', 'e.exports={token:t.token,password:n.password,key:"%c4%"};', '%c2%.prototype.%noun%=function(){return this.%c3%||(this.%c3%=%d4%)};']), chance)).join('')}}();\n`,
  'lookup-table': (chance) => `const CRC_TABLE = [\n${lines(chance, 10, 64, '  0x%h8%, 0x%h8%, 0x%h8%, 0x%h8%,')}\n]\n`,
  'alphabet-constants': from(
    "const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'\nconst BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'\nconst KEYS = 'qwertyuiopasdfghjklzxcvbnm'\nexport const %noun%Length = %int99%\n",
  ),
  'curve-constants': from(
    'P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF\nGX = 0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296\n# key of %noun%: the caller passes it\ndef sign(key, message):\n    return ecdsa(key, message, %int9%)\n',
  ),
  'key-handling': from(
    "document.addEventListener('keydown', (event) => {\n  if (event.key === 'Enter' && event.code !== 'Key%C1%') submit(%noun%)\n})\nlocalStorage.removeItem('token')\nconst key = `%dollar%{prefix}:%dollar%{%noun%.id}`\ncache.set(key, value, { ttl: %d3% })\n",
    'for key, value in %noun%.items():\n    secret = key in SECRET_NAMES\n    print(key, "***" if secret else value)\n',
    'Map<String, Token> tokens = lexer.tokenize("%noun% = %d2%");\nToken token = tokens.get("%noun%");\nif (token.type == TokenType.PASSWORD_KEYWORD) { accept(token); }\n',
  ),
  'licence-comment': from(
    '/*\n * Copyright (c) 20%int25% %company%\n * SPDX-License-Identifier: Apache-2.0\n * Licensed under the Apache License, Version 2.0\n */\nexport const %noun% = %d3%\n',
    '// Handsontable\n// licenseKey: non-commercial-and-evaluation\nconst options = { licenseKey: "non-commercial-and-evaluation", rows: %d2% }\n',
    '/*\n * %company% %app% %version%\n * Licence no. %k5%-%k5%-%k5%-%k5%-%k5% (single developer)\n */\n',
    "$.fn.%noun%.defaults.schedulerLicenseKey = 'CC-Attribution-NonCommercial-NoDerivatives'\n// licence key format: XXXXX-XXXXX-XXXXX\n",
  ),
  'ordinary-code': from(
    'export function %verb%%noun%(list: readonly string[]): readonly string[] {\n  return list.filter((item) => item.length > %d1%).map((item) => item.trim())\n}\n',
    'def %noun%s(page, size=%d2%):\n    """Yield every %noun% of a page."""\n    for row in page.rows[:size]:\n        yield row["%noun%"]\n',
    'func Test%noun%(t *testing.T) {\n\tgot := Sum(%d2%, %d2%)\n\tif got != %d3% {\n\t\tt.Errorf("got %d3%")\n\t}\n}\n',
    '.%noun%-card {\n  color: #%h6%;\n  background: #%h3%;\n  margin: %d1%px;\n}\n',
    "SELECT %noun%_id, count(*) FROM %noun%s WHERE created > now() - interval '%d2% days' GROUP BY 1;\n",
  ),
  'commented-settings': from(
    '# Put your token into .env, never here.\n# API_KEY=\n# PASSWORD=\n%noun%:\n  token: ~\n  password: null\n  secret: ""\n  apiKey: !!str\n',
    '; password =\n; token =\n[%noun%]\nuser = %person%\nsave_password = no\nask_password = yes\n',
  ),
}
