/** Private keys, which run over many lines, in the places where people leave them. */
import type { Chance } from './chance.ts'
import { certificate, privateKeys, serviceAccount } from './der.ts'
import { draw, type Sample } from './fill.ts'

export const BLOCK_KINDS: readonly string[] = [...Object.keys(privateKeys), 'gcp-service-account']

/** One of the kinds, in a file of its own or inside another one. */
export function block(kind: string, chance: Chance): Sample {
  if (kind === 'gcp-service-account') return inJson(chance)
  const make = privateKeys[kind]
  if (make === undefined) throw new Error(`there is no ${kind}`)
  return chance.pick(PLACES)(make(chance), chance)
}

function inJson(chance: Chance): Sample {
  const account = serviceAccount(chance)
  if (chance.once(2)) return account
  return {
    text: `resource "google_project" "x" {}\n\nlocals {\n  credentials = <<EOT\n${account.text}\nEOT\n}\n`,
    secrets: account.secrets,
  }
}

type Place = (key: string, chance: Chance) => Sample

const indented = (key: string, by: string): string =>
  key
    .split('\n')
    .map((line) => by + line)
    .join('\n')
const escaped = (key: string): string => key.replaceAll('\n', '\\n')

const PLACES: readonly Place[] = [
  (key) => ({ text: `${key}\n`, secrets: [key] }),
  (key, chance) => ({ text: `${draw('# %email% %day%', chance)}\n${key}\n`, secrets: [key] }),
  (key, chance) => ({
    text: `LOG_LEVEL=info\n${draw('%role%', chance).toUpperCase()}_PRIVATE_KEY="${escaped(key)}"\nPORT=443\n`,
    secrets: [escaped(key)],
  }),
  (key, chance) => ({
    text: JSON.stringify({ issuer: draw('%host%', chance), signing: { kid: draw('%uuid%', chance), key } }, null, 2),
    secrets: [JSON.stringify(key).slice(1, -1)],
  }),
  (key, chance) => ({
    text: `apiVersion: v1\nkind: Secret\nmetadata:\n  name: ${draw('%app%-tls', chance)}\ntype: kubernetes.io/tls\ndata:\n  tls.key: ${Buffer.from(`${key}\n`).toString('base64')}\n`,
    secrets: [Buffer.from(`${key}\n`).toString('base64')],
  }),
  (key, chance) => ({
    text: `ssh:\n  host: ${draw('%host%', chance)}\n  key: |\n${indented(key, '    ')}\n  port: 22\n`,
    secrets: [indented(key, '    ').trimStart()],
  }),
  (key, chance) => ({
    text: `"""Deploys ${draw('%app%', chance)}."""\n\nKEY = """${key}"""\n\n\ndef key():\n    return KEY\n`,
    secrets: [key],
  }),
  (key) => ({ text: `package auth\n\nconst pemKey = \`${key}\n\`\n`, secrets: [key] }),
  (key, chance) => ({
    text: `cat > ~/.ssh/${draw('%app%', chance)} <<'EOF'\n${key}\nEOF\nchmod 600 ~/.ssh/${draw('%app%', chance)}\n`,
    secrets: [key],
  }),
  (key) => ({
    text: `diff --git a/deploy.pem b/deploy.pem\nnew file mode 100600\n--- /dev/null\n+++ b/deploy.pem\n@@ -0,0 +1,${key.split('\n').length} @@\n${indented(key, '+')}\n`,
    secrets: [indented(key, '+').slice(1)],
  }),
  (key, chance) => ({
    text: `-- ${draw('%db%', chance)}\nINSERT INTO certs (id, pem) VALUES (${chance.between(1, 99)}, '${key}');\n`,
    secrets: [key],
  }),
  (key, chance) => ({
    text: `apiVersion: v1\nkind: Config\nusers:\n- name: ${draw('%person%', chance)}\n  user:\n    client-certificate-data: ${Buffer.from(certificate(chance)).toString('base64')}\n    client-key-data: ${Buffer.from(key).toString('base64')}\n`,
    secrets: [Buffer.from(key).toString('base64')],
  }),
  (key) => ({
    text: `module.exports = {\n  key: '${escaped(key)}',\n  algorithm: 'RS256',\n}\n`,
    secrets: [escaped(key)],
  }),
]
