/**
 * Resolvers over HTTPS. A question is a write, whatever its method: the name that is asked for reaches whoever owns it. On
 * other hosts a question is known by its shape (`doh-shape.ts`).
 */
import { knownByHost, type ServiceEntry } from '../service-entry.ts'

export const DNS_OVER_HTTPS: readonly ServiceEntry[] = knownByHost('dns-over-https', {
  'cloudflare-dns': [
    'cloudflare-dns.com',
    '*.cloudflare-dns.com',
    'one.one.one.one',
    '1dot1dot1dot1.com',
    '*.cloudflare-gateway.com',
  ],
  'google-dns': ['dns.google', 'dns.google.com', 'dns64.dns.google'],
  quad9: ['dns.quad9.net', 'dns9.quad9.net', 'dns10.quad9.net', 'dns11.quad9.net', 'dns12.quad9.net'],
  opendns: ['doh.opendns.com', 'doh.familyshield.opendns.com', 'doh.umbrella.com', 'dns.umbrella.com'],
  nextdns: ['dns.nextdns.io', '*.dns.nextdns.io', 'firefox.dns.nextdns.io', 'chromium.dns.nextdns.io'],
  'adguard-dns': [
    'dns.adguard-dns.com',
    'family.adguard-dns.com',
    'unfiltered.adguard-dns.com',
    'd.adguard-dns.com',
    '*.d.adguard-dns.com',
    'dns.adguard.com',
    'dns-family.adguard.com',
  ],
  cleanbrowsing: ['doh.cleanbrowsing.org'],
  'control-d': ['freedns.controld.com', 'dns.controld.com', '*.dns.controld.com'],
  'mullvad-dns': ['dns.mullvad.net', '*.dns.mullvad.net', 'doh.mullvad.net', 'adblock.doh.mullvad.net'],
  dns0: ['dns0.eu', '*.dns0.eu'],
  'dns-sb': ['doh.dns.sb', 'doh.sb', '*.doh.sb'],
  alidns: ['dns.alidns.com'],
  dnspod: ['doh.pub', 'sm2.doh.pub', 'dns.pub'],
  '360-dns': ['doh.360.cn', 'dns.360.cn'],
  'yandex-dns': ['common.dot.dns.yandex.net', 'safe.dot.dns.yandex.net', 'family.dot.dns.yandex.net'],
  'he-dns': ['ordns.he.net'],
  'cz-nic-dns': ['odvr.nic.cz'],
  'digitale-gesellschaft-dns': ['dns.digitale-gesellschaft.ch'],
  'applied-privacy-dns': ['doh.applied-privacy.net'],
  'libre-dns': ['doh.libredns.gr'],
  'ffmuc-dns': ['doh.ffmuc.net'],
  'tiar-dns': ['doh.tiar.app', 'doh.tiarap.org'],
  'twnic-dns': ['dns.twnic.tw'],
  'switch-dns': ['dns.switch.ch'],
  'comcast-dns': ['doh.xfinity.com'],
})
