/** How each tool is made to trust the inspection CA and to use the proxy: steps for a person, none of which is taken here. */

export interface TrustSteps {
  readonly tool: string
  readonly steps: readonly string[]
}

/** `certificate` is the path of the CA's certificate, `proxy` the proxy as ADDRESS:PORT. */
export function trustSteps(certificate: string, proxy: string): readonly TrustSteps[] {
  const file = quote(certificate)
  const url = `http://${proxy}`
  return [
    { tool: 'the shell', steps: [`export HTTPS_PROXY=${url} HTTP_PROXY=${url} NO_PROXY=localhost,127.0.0.1`] },
    {
      tool: 'Debian, Ubuntu',
      steps: [`sudo cp ${file} /usr/local/share/ca-certificates/weir.crt`, 'sudo update-ca-certificates'],
    },
    {
      tool: 'Fedora, RHEL',
      steps: [`sudo cp ${file} /etc/pki/ca-trust/source/anchors/weir.pem`, 'sudo update-ca-trust'],
    },
    {
      tool: 'macOS',
      steps: [`sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain ${file}`],
    },
    { tool: 'Windows', steps: [`certutil -addstore -f ROOT ${file}`] },
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
    {
      tool: 'Chromium, Chrome, Edge',
      steps: [
        'they follow the system on Windows and macOS',
        `on Linux: certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n Weir -i ${file}`,
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
