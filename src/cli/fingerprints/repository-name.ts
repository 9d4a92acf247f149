/** The name of a repository as a policy writes it, HOST/OWNER/REPO, from the address that git has for it. */

/** Null for an address on this machine, or none. */
export function nameRepository(address: string): string | null {
  const { host = '', path = '' } = (URL_FORM.exec(address) ?? SCP_FORM.exec(address))?.groups ?? {}
  const parts = path.split('/').filter((part) => part !== '')
  if (host === '' || parts.length === 0) return null
  return [host.toLowerCase(), ...parts].join('/').replace(/\.git$/, '')
}

const URL_FORM = /^(?:https?|ssh|git):\/\/(?:[^/@]*@)?(?<host>[^/:]+)(?::\d+)?\/(?<path>[^?#]+)/i
const SCP_FORM = /^(?:[^/@:]+@)?(?<host>[^/@:]{2,}):(?!\/\/)\/?(?<path>[^?#]+)$/
