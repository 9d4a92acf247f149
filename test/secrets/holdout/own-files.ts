/** Files with a form of their own for credentials: what the tool that reads them documents. */
import type { Chance } from './chance.ts'
import { fill, type Sample } from './fill.ts'

/** By kind; every template is a whole file. */
export const OWN_FILES: Readonly<Record<string, readonly string[]>> = {
  netrc: [
    'machine %host%\n  login %person%\n  password «%strong%»\n\nmachine %host% login %app% password «%a24%»\n',
    'default login anonymous password %email%\nmachine github.com login %person% password «ghp_%checked30%»\n',
  ],
  npmrc: [
    '@%company%:registry=https://npm.%domain%/\n//npm.%domain%/:_authToken=«%uuid%»\nalways-auth=true\n',
    'registry=https://%host%/repository/npm/\n_auth=«%basic%»\nemail=%email%\n',
    '//%host%/:username=%person%\n//%host%/:_password=«%packed%»\n//%host%/:always-auth=true\n',
  ],
  pypirc: [
    '[distutils]\nindex-servers =\n    internal\n\n[internal]\nrepository = https://%host%/pypi\nusername = %person%\npassword = «%strong%»\n',
    '[pypi]\nusername = __token__\npassword = «pypi-AgEIcHlwaS5vcmcC%w160%»\n',
  ],
  'pip-conf': ['[global]\nindex-url = https://%person%:«%urlpass%»@%host%/simple\ntimeout = 60\n'],
  'maven-settings': [
    '<settings>\n  <servers>\n    <server>\n      <id>%company%-releases</id>\n      <username>%person%</username>\n      <password>«%strong%»</password>\n    </server>\n  </servers>\n</settings>\n',
  ],
  'nuget-config': [
    '<configuration>\n  <packageSourceCredentials>\n    <Internal>\n      <add key="Username" value="%person%" />\n      <add key="ClearTextPassword" value="«%strong%»" />\n    </Internal>\n  </packageSourceCredentials>\n</configuration>\n',
  ],
  'cargo-credentials': ['[registry]\ntoken = "«cio%a32%»"\n\n[registries.internal]\ntoken = "«%a40%»"\n'],
  'gem-credentials': ['---\n:rubygems_api_key: «rubygems_%h48%»\n'],
  'composer-auth': [
    '{\n    "http-basic": {\n        "repo.%domain%": {\n            "username": "%person%",\n            "password": "«%a32%»"\n        }\n    },\n    "github-oauth": {\n        "github.com": "«ghp_%checked30%»"\n    }\n}\n',
  ],
  'docker-config': [
    '{\n  "auths": {\n    "%host%": {\n      "auth": "«%basic%»"\n    }\n  },\n  "credsStore": ""\n}\n',
  ],
  kubeconfig: [
    'apiVersion: v1\nkind: Config\nclusters:\n- cluster:\n    server: https://%host%:6443\n  name: %app%\nusers:\n- name: %person%\n  user:\n    token: «%jwt%»\n',
    'users:\n- name: %person%\n  user:\n    username: %person%\n    password: «%strong%»\n',
  ],
  'git-credentials': ['https://%person%:«ghp_%checked30%»@github.com\nhttps://%person%:«%urlpass%»@%host%\n'],
  'git-config': [
    '[core]\n\trepositoryformatversion = 0\n[remote "origin"]\n\turl = https://%person%:«glpat-%w20%»@gitlab.com/%company%/%app%.git\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n[branch "main"]\n\tremote = origin\n',
    '[http "https://%host%/"]\n\textraheader = Authorization: Basic «%basic%»\n[user]\n\temail = %email%\n',
  ],
  pgpass: ['%host%:5432:%db%:%app%:«%urlpass%»\n*:5432:*:postgres:«%urlpass%»\n'],
  'my-cnf': [
    '[client]\nuser=%app%\npassword="«%strong%»"\nhost=%host%\n\n[mysqldump]\nuser=backup\npassword=«%a20%»\n',
  ],
  'aws-credentials': [
    '[default]\naws_access_key_id = AKIA%t16%\naws_secret_access_key = «%s40%»\n\n[%company%]\naws_access_key_id = AKIA%t16%\naws_secret_access_key = «%s40%»\nregion = %region%\n',
  ],
  s3cfg: ['[default]\naccess_key = %k20%\nsecret_key = «%s40%»\nhost_base = %host%\nuse_https = True\n'],
  'rclone-conf': [
    '[archive]\ntype = s3\nprovider = Minio\naccess_key_id = %app%\nsecret_access_key = «%a40%»\nendpoint = https://%host%:9000\n',
  ],
  'wp-config': [
    "<?php\ndefine( 'DB_NAME', '%db%' );\ndefine( 'DB_USER', '%app%' );\ndefine( 'DB_PASSWORD', '«%strong%»' );\ndefine( 'DB_HOST', 'localhost' );\ndefine( 'AUTH_KEY',         '«%w64%»' );\ndefine( 'SECURE_AUTH_KEY',  '«%w64%»' );\ndefine( 'LOGGED_IN_KEY',    '«%w64%»' );\ndefine( 'NONCE_SALT',       '«%w64%»' );\n$table_prefix = 'wp_';\n",
  ],
  'joomla-configuration': [
    "<?php\nclass JConfig {\n\tpublic $dbtype = 'mysqli';\n\tpublic $user = '%app%';\n\tpublic $password = '«%strong%»';\n\tpublic $secret = '«%a16%»';\n}\n",
  ],
  'drupal-settings': [
    "<?php\n$databases['default']['default'] = array (\n  'database' => '%db%',\n  'username' => '%app%',\n  'password' => '«%strong%»',\n  'host' => '%host%',\n  'driver' => 'mysql',\n);\n$settings['hash_salt'] = '«%w74%»';\n",
  ],
  'django-databases': [
    "DATABASES = {\n    'default': {\n        'ENGINE': 'django.db.backends.postgresql',\n        'NAME': '%db%',\n        'USER': '%app%',\n        'PASSWORD': '«%strong%»',\n        'HOST': '%host%',\n    }\n}\n",
  ],
  'rails-database-yml': [
    'production:\n  adapter: postgresql\n  database: %db%\n  username: %app%\n  password: «%password%»\n  host: %host%\n',
  ],
  'tomcat-users': [
    '<tomcat-users>\n  <role rolename="manager-gui"/>\n  <user username="%person%" password="«%password%»" roles="manager-gui"/>\n</tomcat-users>\n',
  ],
  'kafka-jaas': [
    'security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="%k16%" password="«%s64%»";\n',
  ],
  'wpa-supplicant': ['network={\n    ssid="%company%-office"\n    key_mgmt=WPA-PSK\n    psk="«%phrase%»"\n}\n'],
  wireguard: [
    '[Interface]\nAddress = 10.7.0.%int250%/24\nPrivateKey = «%z32%»\n\n[Peer]\nPublicKey = %z32%\nPresharedKey = «%z32%»\nEndpoint = %host%:51820\nAllowedIPs = 0.0.0.0/0\n',
  ],
  'windows-unattend': [
    '<unattend xmlns="urn:schemas-microsoft-com:unattend">\n  <AutoLogon>\n    <Username>Administrator</Username>\n    <Password>\n      <Value>«%password%»</Value>\n      <PlainText>true</PlainText>\n    </Password>\n  </AutoLogon>\n</unattend>\n',
  ],
  'machine-key': [
    '<system.web>\n  <machineKey validationKey="«%H128%»" decryptionKey="«%H64%»" validation="SHA1" decryption="AES" />\n</system.web>\n',
  ],
  'filezilla-sites': [
    '<FileZilla3>\n  <Servers>\n    <Server>\n      <Host>%host%</Host>\n      <User>%person%</User>\n      <Pass encoding="base64">«%packed%»</Pass>\n    </Server>\n  </Servers>\n</FileZilla3>\n',
  ],
  'sftp-json': [
    '{\n  "name": "%app%",\n  "host": "%host%",\n  "protocol": "sftp",\n  "username": "%person%",\n  "password": "«%strong%»",\n  "remotePath": "/srv/www",\n  "uploadOnSave": true\n}\n',
  ],
  's3-presigned-url': [
    'Download it here within seven days:\nhttps://%company%-exports.s3.%region%.amazonaws.com/%noun%.zip?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIA%t16%%2F20260114%2F%region%%2Fs3%2Faws4_request&X-Amz-Date=20260114T101500Z&X-Amz-Expires=604800&X-Amz-SignedHeaders=host&X-Amz-Signature=«%h64%»\n',
  ],
  'private-key-jwk': [
    '{\n  "kty": "EC",\n  "crv": "P-256",\n  "kid": "%app%-1",\n  "x": "%w43%",\n  "y": "%w43%",\n  "d": "«%w43%»"\n}\n',
  ],
  'firebase-server-key': [
    '<?php\n$headers = array(\n  "Authorization: key=«AAAA%w7%:APA91b%w134%»",\n  "Content-Type: application/json",\n);\n',
  ],
  'vapid-keys': ['{\n  "publicKey": "B%w86%",\n  "privateKey": "«%w43%»"\n}\n'],
  'cookie-in-curl': [
    "curl 'https://%host%/api/%noun%s' -H 'cookie: session=«%w120%»; theme=dark' -H 'accept: application/json' --compressed\n",
  ],
  'password-in-prose': [
    'Hi %person%, the VPN moved. User name as before, password is «%password%» until you change it.\n',
    'Bonjour %person%,\nvoici le compte : %user%, mot de passe : «%password%»\nBonne journée\n',
    'Zugang zu %host%\nBenutzer: %user%\nKennwort: «%strong%»\n',
    'Для %app%: логин %user%, пароль: «%password%»\n',
    '服务器 %host%\n用户名：%user%\n密码：«%strong%»\n',
    'Acceso a %app%: usuario %user%, contraseña «%password%», puerto 22.\n',
    'WLAN Gäste: %company%-guest / Passwort «%phrase%»\n',
    'login %user% / pw «%password%» (%host%, ask %person% for the VPN)\n',
  ],
  'seed-phrase': [
    'Wallet backup, keep it!\n\nmnemonic: «%noun% %person% %app% %noun% %verb% %noun% %app% %noun% %person% %noun% %app% %noun%»\n',
  ],
}

export function ownFile(kind: string, chance: Chance): Sample {
  return fill(chance.pick(OWN_FILES[kind] ?? []), chance)
}
