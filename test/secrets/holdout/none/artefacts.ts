/** Files that tools make, full of what looks random and is no secret. */
import type { Chance } from '../chance.ts'
import { certificate, publicKeys } from '../der.ts'
import { agree, draw } from '../fill.ts'

export type Family = (chance: Chance) => string

export const lines = (chance: Chance, least: number, most: number, template: string): string =>
  chance.times(least, most, () => agree(template, chance)).join('\n')

const folded = (text: string, width: number): string => text.match(new RegExp(`.{1,${width}}`, 'g'))?.join('\n') ?? ''

const IMAGE_HEADS: readonly (readonly [type: string, hex: string])[] = [
  ['image/png', '89504e470d0a1a0a0000000d49484452'],
  ['image/jpeg', 'ffd8ffe000104a46494600010101'],
  ['image/gif', '474946383961'],
  ['font/woff2', '774f463200010000'],
  ['image/webp', '5249464600000000574542505650'],
  ['application/pdf', '255044462d312e370a'],
]

function dataUrl(chance: Chance): string {
  const [type, hex] = chance.pick(IMAGE_HEADS)
  return `data:${type};base64,${Buffer.concat([Buffer.from(hex, 'hex'), chance.bytes(chance.between(200, 2500))]).toString('base64')}`
}

export const ARTEFACTS: Readonly<Record<string, Family>> = {
  'package-lock': (chance) =>
    draw(
      `{\n  "name": "%app%",\n  "lockfileVersion": 3,\n  "packages": {\n${lines(chance, 8, 40, '    "node_modules/%app%-%noun%": {\n      "version": "%version%",\n      "resolved": "https://%npmhost%/%app%-%noun%/-/%noun%-%version%.tgz",\n      "integrity": "sha512-%z64%",\n      "license": "MIT"\n    },')}\n    "": {}\n  }\n}\n`,
      chance,
    ),
  'yarn-lock': (chance) =>
    `# yarn lockfile v1\n\n${lines(chance, 8, 30, '"@%company%/%app%@^%version%":\n  version "%version%"\n  resolved "https://%npmhost%/@%company%/%app%/-/%app%-%version%.tgz#%h40%"\n  integrity sha512-%z64%\n')}`,
  'pnpm-lock': (chance) =>
    `lockfileVersion: '9.0'\npackages:\n${lines(chance, 8, 30, '\n  %app%-%noun%@%version%:\n    resolution: {integrity: sha512-%z64%}\n    engines: {node: ">=18"}')}\n`,
  'cargo-lock': (chance) =>
    lines(
      chance,
      8,
      40,
      '[[package]]\nname = "%app%-%noun%"\nversion = "%version%"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\nchecksum = "%h64%"\n',
    ),
  'go-sum': (chance) =>
    lines(
      chance,
      10,
      60,
      'github.com/%company%/%app% v%version% h1:%z32%\ngithub.com/%company%/%app% v%version%/go.mod h1:%z32%',
    ),
  'poetry-lock': (chance) =>
    lines(
      chance,
      5,
      20,
      '[[package]]\nname = "%app%"\nversion = "%version%"\nfiles = [\n    {file = "%app%-%version%-py3-none-any.whl", hash = "sha256:%h64%"},\n    {file = "%app%-%version%.tar.gz", hash = "sha256:%h64%"},\n]\n',
    ),
  requirements: (chance) =>
    lines(chance, 5, 25, '%app%-%noun%==%version% \\\n    --hash=sha256:%h64% \\\n    --hash=sha256:%h64%'),
  'composer-lock': (chance) =>
    `{\n  "content-hash": "${draw('%h32%', chance)}",\n  "packages": [\n${lines(chance, 4, 12, '    {"name": "%company%/%app%", "version": "%version%", "source": {"type": "git", "url": "https://github.com/%company%/%app%.git", "reference": "%h40%"}, "dist": {"shasum": "%h40%"}},')}\n    {}\n  ]\n}\n`,
  'gemfile-lock': (chance) =>
    `GIT\n  remote: https://github.com/${draw('%company%/%app%', chance)}\n  revision: ${draw('%h40%', chance)}\nGEM\n  specs:\n${lines(chance, 8, 30, '    %app%-%noun% (%version%)')}\n\nCHECKSUMS\n${lines(chance, 5, 20, '  %app% (%version%) sha256=%h64%')}\n`,
  'terraform-lock': (chance) =>
    `provider "registry.terraform.io/hashicorp/${draw('%app%', chance)}" {\n  version = "${draw('%version%', chance)}"\n  hashes = [\n${lines(chance, 5, 14, '    "h1:%z32%",\n    "zh:%h64%",')}\n  ]\n}\n`,
  'nix-flake-lock': (chance) =>
    `{\n  "nodes": {\n    "nixpkgs": {\n      "locked": {\n        "lastModified": 17${draw('%d8%', chance)},\n        "narHash": "sha256-${draw('%z32%', chance)}",\n        "owner": "NixOS",\n        "rev": "${draw('%h40%', chance)}",\n        "type": "github"\n      }\n    }\n  },\n  "version": 7\n}\n`,
  checksums: (chance) => lines(chance, 4, 30, '%h64%  %app%-%version%-linux-amd64.tar.gz'),
  'image-digests': (chance) => lines(chance, 2, 12, 'FROM ghcr.io/%company%/%app%:%version%@sha256:%h64% AS %role%'),
  'integrity-html': (chance) =>
    `<!doctype html>\n<head>\n${lines(chance, 2, 8, '<link rel="stylesheet" href="https://cdn.%domain%/%app%/%version%/%noun%.min.css" integrity="sha384-%z48%" crossorigin="anonymous">\n<script src="https://cdn.%domain%/%app%.js" integrity="sha512-%z64%" crossorigin="anonymous"></script>')}\n</head>\n`,
  'csp-header': (chance) =>
    draw(
      "content-security-policy: script-src 'self' 'sha256-%z32%' 'sha256-%z32%' 'nonce-%z16%'; report-uri /csp\netag: W/\"%h32%\"\nx-request-id: %uuid%\nx-amz-cf-id: %w54%==\n",
      chance,
    ),
  'image-in-css': (chance) =>
    lines(chance, 1, 4, '.%noun%-%c4% { width: %d2%px; background: url(DATA) no-repeat }').replaceAll('DATA', () =>
      dataUrl(chance),
    ),
  'image-in-markdown': (chance) =>
    `# ${draw('%app%', chance)}\n\n![diagram](${dataUrl(chance)})\n\nThe picture shows the ${draw('%noun% and the %noun%', chance)}.\n`,
  'image-in-notebook': (chance) =>
    JSON.stringify(
      {
        cells: [
          {
            cell_type: 'code',
            execution_count: 4,
            metadata: {},
            outputs: [
              { data: { 'image/png': folded(dataUrl(chance).split(',')[1] ?? '', 76) }, output_type: 'display_data' },
            ],
            source: ['df.plot()'],
          },
        ],
        nbformat: 4,
        nbformat_minor: 5,
      },
      null,
      1,
    ),
  'image-in-mail': (chance) =>
    `MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="${draw('%a28%', chance)}"\nMessage-ID: <${draw('%a24%@%domain%', chance)}>\nDKIM-Signature: v=1; a=rsa-sha256; d=${draw('%domain%; s=%c8%; bh=%z32%; b=%z128%', chance)}\nContent-Transfer-Encoding: base64\n\n${folded(chance.bytes(900).toString('base64'), 76)}\n`,
  certificate: (chance) => `${certificate(chance)}\n`,
  'certificate-chain': (chance) =>
    chance.times(2, 4, () => `# ${draw('%company% root', chance)}\n${certificate(chance)}`).join('\n'),
  'certificate-in-yaml': (chance) =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ca\ndata:\n  ca.crt: |\n${certificate(chance).replace(/^/gm, '    ')}\n  caBundle: ${Buffer.from(certificate(chance)).toString('base64')}\n`,
  'saml-metadata': (chance) =>
    `<EntityDescriptor entityID="https://${draw('%host%', chance)}/saml"><KeyDescriptor use="signing"><ds:X509Certificate>${certificate(chance).split('\n').slice(1, -1).join('')}</ds:X509Certificate></KeyDescriptor></EntityDescriptor>\n`,
  'public-key': (chance) => `${chance.pick(publicKeys)(chance)}\n`,
  'authorized-keys': (chance) =>
    chance
      .times(2, 6, () =>
        publicKeys
          .slice(-2)
          .map((make) => make(chance))
          .join('\n'),
      )
      .join('\n'),
  'known-hosts': (chance) =>
    lines(
      chance,
      3,
      10,
      '|1|%z20%|%z20% ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABB%s86%=\n%host% ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI%s43%',
    ),
  'jwks-public': (chance) =>
    JSON.stringify(
      {
        keys: chance.times(1, 4, () => ({
          kty: 'RSA',
          use: 'sig',
          alg: 'RS256',
          kid: draw('%w22%', chance),
          n: draw('%Z256%', chance),
          e: 'AQAB',
        })),
      },
      null,
      2,
    ),
  'signed-message': (chance) =>
    `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nRelease ${draw('%version% of %app%', chance)}\n${publicKeys[3]?.(chance)}\n`,
  'age-ciphertext': (chance) =>
    `-----BEGIN AGE ENCRYPTED FILE-----\n${folded(chance.bytes(600).toString('base64'), 64)}\n-----END AGE ENCRYPTED FILE-----\n`,
  'age-recipients': (chance) =>
    `creation_rules:\n  - path_regex: secrets/.*\n    age: >-\n      age1${draw('%bech58%', chance)}\n    pgp: ${draw('%H40%', chance)}\n`,
  'ansible-vault': (chance) => `$ANSIBLE_VAULT;1.1;AES256\n${folded(draw('%h900%', chance), 80)}\n`,
  'sealed-secret': (chance) =>
    draw(
      'apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata:\n  name: %app%\nspec:\n  encryptedData:\n    password: AgB%s600%\n    token: AgA%s600%\n',
      chance,
    ),
  'lfs-pointer': (chance) => draw('version https://git-lfs.github.com/spec/v1\noid sha256:%h64%\nsize %d7%\n', chance),
  'git-log': (chance) =>
    lines(
      chance,
      4,
      20,
      'commit %h40%\nAuthor: %person% <%email%>\nDate:   %day% %time% +0000\n\n    %verb% %noun% (#%d4%)\n',
    ),
  'git-diff-plain': (chance) =>
    lines(
      chance,
      1,
      5,
      'diff --git a/src/%noun%.ts b/src/%noun%.ts\nindex %h10%..%h10% 100644\n--- a/src/%noun%.ts\n+++ b/src/%noun%.ts\n@@ -%d2%,4 +%d2%,4 @@\n-  const %noun% = load(%d3%)\n+  const %noun% = await load(%d3%)',
    ),
  'wasm-hex': (chance) =>
    `static const unsigned char ${draw('%noun%', chance)}_bin[] = {\n${lines(chance, 10, 60, '  0x%h2%, 0x%h2%, 0x%h2%, 0x%h2%, 0x%h2%, 0x%h2%, 0x%h2%, 0x%h2%, 0x%h2%, 0x%h2%, 0x%h2%, 0x%h2%,')}\n};\n`,
  'source-map': (chance) =>
    JSON.stringify({
      version: 3,
      file: 'app.js',
      sources: [draw('../src/%noun%.ts', chance)],
      names: [],
      mappings: chance.times(40, 300, () => draw('%s4%', chance)).join(chance.pick([',', ';'])),
    }),
  'svg-path': (chance) =>
    `<svg viewBox="0 0 24 24"><path d="${chance.times(20, 120, () => draw('M%d2%.%d3% %d2%.%d2%c-.%d3%-.%d2%', chance)).join('')}"/></svg>\n`,
  'protobuf-text': (chance) =>
    `var file_${draw('%noun%', chance)}_proto_rawDesc = []byte{\n${lines(chance, 8, 40, '\t0x%h2%, 0x%h2%, 0x%h2%, 0x%h2%, 0x%h2%, 0x%h2%, 0x%h2%, 0x%h2%,')}\n}\n`,
  'npm-pack-list': (chance) =>
    lines(
      chance,
      4,
      12,
      'npm notice %d3%B dist/%noun%.js\nnpm notice shasum: %h40%\nnpm notice integrity: sha512-%w16%[...]%w14%==',
    ),
  'snapshot-test': (chance) =>
    `// Jest Snapshot v1\n\n${lines(chance, 3, 12, 'exports[`renders %noun% 1`] = `\n<div class="css-%l7%-%noun%" data-id="%uuid%" id="react-aria%d10%-:r%l2%:">\n  %noun%\n</div>\n`;')}`,
}
