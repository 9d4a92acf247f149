/** Announced upload addresses, in memory: a few for each client, each until its time is over or its tries are used up. */
import { LRUCache } from 'lru-cache'
import type { Announced, Bindings } from '../flow/bindings.ts'
import { NO_HOP, type SecondHop } from '../flow/subject.ts'
import { authorityOf, type Destination, parseAuthority } from '../net/destination.ts'

export interface BindingLimits {
  /** Clients that addresses are remembered for. */
  readonly clientsMax: number
  /** Addresses of one client; past them its oldest is forgotten. */
  readonly perClientMax: number
  /** However long an answer says. */
  readonly lifetimeMsMax: number
}

export const BINDING_LIMITS: BindingLimits = {
  clientsMax: 10_000,
  perClientMax: 2_000,
  lifetimeMsMax: 24 * 60 * 60 * 1000,
}

/** Characters of an address; a presigned one has some 2,000. */
export const announcedUrlCharactersMax = 8_192

interface Entry {
  readonly announced: Announced
  readonly place: string
  readonly endsAt: number
  tries: number
}

export function createBindings(limits: BindingLimits = BINDING_LIMITS): Bindings {
  /** By client, then by `AUTHORITY TARGET`. */
  const clients = new LRUCache<string, Map<string, Entry>>({ max: limits.clientsMax })
  return {
    announce(client, announced, now) {
      const place = placeOf(announced.url)
      if (place === null || !(announced.expiresAt > now)) return
      const entries = clients.get(client) ?? new Map<string, Entry>()
      clients.set(client, entries)
      const key = `${place.authority} ${place.target}`
      // Announced again it is new, and the youngest.
      entries.delete(key)
      const endsAt = Math.min(announced.expiresAt, now + limits.lifetimeMsMax)
      entries.set(key, { announced, place: place.authority, endsAt, tries: 0 })
      const [oldest] = entries.keys()
      if (entries.size > limits.perClientMax && oldest !== undefined) entries.delete(oldest)
    },
    possibleAt(client, destination, now) {
      const entries = clients.get(client)
      return entries === undefined ? NO_HOP : possible(entries, authorityOf(destination), now)
    },
    take(client, destination, method, target, now) {
      const entries = clients.get(client)
      // Most clients were told of no address at all.
      if (entries === undefined) return null
      const key = `${authorityOf(destination)} ${target}`
      const entry = entries.get(key)
      if (entry?.announced.methods.includes(method) !== true) return null
      if (entry.endsAt <= now || entry.tries >= entry.announced.triesMax) {
        entries.delete(key)
        return null
      }
      entry.tries++
      return entry.announced
    },
  }
}

function possible(entries: ReadonlyMap<string, Entry>, authority: string, now: number): SecondHop {
  const services = new Set<string>()
  const repositories = new Set<string>()
  for (const { announced, place, endsAt } of entries.values()) {
    if (place !== authority || endsAt <= now) continue
    services.add(announced.service)
    if (announced.repository.state === 'known') repositories.add(announced.repository.value)
  }
  if (services.size === 0) return NO_HOP
  return { state: 'possible', services: [...services], repositories: [...repositories] }
}

/** Where an address leads, in the spelling in which a request names it; null for what no request of a client's can name. */
function placeOf(url: string): { readonly authority: string; readonly target: string } | null {
  if (url.length > announcedUrlCharactersMax) return null
  const [, scheme = '', authority = '', target = ''] = /^(https?):\/\/([^/?#@]+)([^#]*)$/i.exec(url) ?? []
  const destination: Destination | null = parseAuthority(authority, scheme.toLowerCase() === 'http' ? 80 : 443)
  if (destination === null) return null
  return { authority: authorityOf(destination), target: target.startsWith('/') ? target : `/${target}` }
}
