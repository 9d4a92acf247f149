/** Names to addresses, once a flow: static answers, then the hosts file, then DNS off the thread pool, both families. */
import { Resolver } from 'node:dns/promises'
import { LRUCache } from 'lru-cache'
import { ProxyError } from '../flow/proxy-error.ts'
import { type Address, parseAddress } from '../net/address.ts'
import type { Host } from '../net/host.ts'
import type { HostsFile } from './hosts-file.ts'

/** A TTL is believed within these bounds: a name that changes by the second cannot make Weir ask by the second. */
const TTL_MS_MIN = 1_000
const TTL_MS_MAX = 300_000
const NEGATIVE_TTL_MS = 5_000
/** Addresses of one name that are looked at. */
export const ADDRESSES_MAX = 16

export interface DnsQueries {
  resolve4(name: string, options: { ttl: true }): Promise<{ address: string; ttl: number }[]>
  resolve6(name: string, options: { ttl: true }): Promise<{ address: string; ttl: number }[]>
}

export interface NameResolver {
  /**
   * At least one address, or ProxyError `upstream-unresolvable`, or `upstream-timeout` where nothing was answered in time.
   * IPv4 first: it is what most egress paths carry.
   */
  resolve(host: Host): Promise<readonly Address[]>
}

export function createResolver(options: {
  hosts: HostsFile
  timeoutMs: number
  cacheEntriesMax: number
  now: () => number
  dns?: DnsQueries
}): NameResolver {
  const dns = options.dns ?? new Resolver({ timeout: Math.ceil(options.timeoutMs / 2), tries: 2 })
  const cache = new LRUCache<string, readonly Address[]>({ max: options.cacheEntriesMax, perf: { now: options.now } })
  const asking = new Map<string, Promise<readonly Address[]>>()

  const ask = async (host: Host): Promise<readonly Address[]> => {
    const [four, six] = await withinTime(options.timeoutMs, [
      dns.resolve4(host, { ttl: true }),
      dns.resolve6(host, { ttl: true }),
    ])
    const answers = [four, six].flatMap((answer) => (answer?.status === 'fulfilled' ? answer.value : []))
    if (answers.length === 0 && (four === undefined || six === undefined)) {
      throw new ProxyError('upstream-timeout', `no answer about ${host} from DNS within ${options.timeoutMs} ms`)
    }
    const addresses = answers.flatMap((answer) => parseAddress(answer.address) ?? []).slice(0, ADDRESSES_MAX)
    const shortest = Math.min(...answers.map((answer) => answer.ttl * 1_000))
    const ttl = addresses.length === 0 ? NEGATIVE_TTL_MS : Math.min(TTL_MS_MAX, Math.max(TTL_MS_MIN, shortest))
    cache.set(host, addresses, { ttl })
    return addresses
  }

  return {
    async resolve(host): Promise<readonly Address[]> {
      const written = await options.hosts.lookup(host, options.now())
      if (written.length > 0) return written.slice(0, ADDRESSES_MAX)
      let addresses = cache.get(host)
      if (addresses === undefined) {
        let answer = asking.get(host)
        if (answer === undefined) {
          answer = ask(host).finally(() => asking.delete(host))
          asking.set(host, answer)
        }
        addresses = await answer
      }
      if (addresses.length > 0) return addresses
      throw new ProxyError('upstream-unresolvable', `${host} has no address: the name does not resolve from here`)
    },
  }
}

/** How each promise settled; undefined where it had not in time. What of two families has come is better than nothing. */
function withinTime<T>(
  timeoutMs: number,
  promises: readonly Promise<T>[],
): Promise<(PromiseSettledResult<T> | undefined)[]> {
  const settled: (PromiseSettledResult<T> | undefined)[] = promises.map(() => undefined)
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve([...settled]), timeoutMs)
    const collect = promises.map(async (promise, at) => {
      const [result] = await Promise.allSettled([promise])
      settled[at] = result
    })
    void Promise.all(collect).then(() => {
      clearTimeout(timer)
      resolve(settled)
    })
  })
}
