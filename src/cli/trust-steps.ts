/** How each tool is made to trust the inspection CA and to use the proxy: steps for a person, none of which is taken here. */
import type { ExportChoice } from '../tls/ca-export.ts'

export interface TrustSteps {
  readonly tool: string
  readonly steps: readonly string[]
}

/** Where the certificates lie that clients are to trust. */
export interface TrustFiles {
  /** What `weir ca export` must write first; nothing where the CA's own file serves. */
  readonly prepare: readonly { readonly choice: ExportChoice; readonly file: string }[]
  /** All of them in one file. */
  readonly bundle: string
  /** One a file, for what takes no more. */
  readonly singles: readonly string[]
}

/** `proxy` is the proxy as ADDRESS:PORT. */
export function trustSteps(files: TrustFiles, proxy: string): readonly TrustSteps[] {
  return [...exportSteps(files), ...systemSteps(files, proxy), ...toolSteps(files, proxy), ...browserSteps(files)]
}

function exportSteps({ prepare }: TrustFiles): readonly TrustSteps[] {
  if (prepare.length === 0) return []
  const steps = prepare.map(({ choice, file }) => `weir ca export --which ${choice} --out ${quote(file)}`)
  return [{ tool: 'first, beside Weir', steps }]
}

function systemSteps({ singles }: TrustFiles, proxy: string): readonly TrustSteps[] {
  const url = `http://${proxy}`
  const each = (step: (file: string, suffix: string) => string): readonly string[] =>
    singles.map((file, at) => step(quote(file), at === 0 ? '' : `-${at + 1}`))
  return [
    { tool: 'the shell', steps: [`export HTTPS_PROXY=${url} HTTP_PROXY=${url} NO_PROXY=localhost,127.0.0.1`] },
    {
      tool: 'Debian, Ubuntu',
      steps: [
        ...each((file, suffix) => `sudo cp ${file} /usr/local/share/ca-certificates/weir${suffix}.crt`),
        'sudo update-ca-certificates',
      ],
    },
    {
      tool: 'Fedora, RHEL',
      steps: [
        ...each((file, suffix) => `sudo cp ${file} /etc/pki/ca-trust/source/anchors/weir${suffix}.pem`),
        'sudo update-ca-trust',
      ],
    },
    {
      tool: 'macOS',
      steps: each(
        (file) => `sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain ${file}`,
      ),
    },
    { tool: 'Windows', steps: each((file) => `certutil -addstore -f ROOT ${file}`) },
  ]
}

function toolSteps({ bundle }: TrustFiles, proxy: string): readonly TrustSteps[] {
  const file = quote(bundle)
  const url = `http://${proxy}`
  return [
    {
      tool: 'git',
      steps: [`git config --global http.proxy ${url}`, `git config --global http.sslCAInfo ${file}`],
    },
    {
      tool: 'curl',
      steps: [`export CURL_CA_BUNDLE=${file}`, `curl --proxy ${url} --cacert ${file} https://github.com/`],
    },
    { tool: 'Node.js', steps: [`export NODE_EXTRA_CA_CERTS=${file}`, `npm config set cafile ${file}`] },
    {
      tool: 'Python (requests, pip)',
      steps: [`export REQUESTS_CA_BUNDLE=${file} SSL_CERT_FILE=${file}`, `pip config set global.cert ${file}`],
    },
  ]
}

function browserSteps({ singles }: TrustFiles): readonly TrustSteps[] {
  return [
    {
      tool: 'Chromium, Chrome, Edge',
      steps: [
        'they follow the system on Windows and macOS',
        ...singles.map(
          (file, at) =>
            `on Linux: certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n Weir${at === 0 ? '' : `-${at + 1}`} -i ${quote(file)}`,
        ),
      ],
    },
    {
      tool: 'Firefox',
      steps: [
        'Settings, Privacy & Security, View Certificates, Authorities, Import: trust it to identify websites',
        'or by policy: policies.json, Certificates, ImportEnterpriseRoots: true, once the system trusts it',
      ],
    },
  ]
}

function quote(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`
}
