/** Relays that give a machine behind a firewall a public name. */
import { knownByHost, type ServiceEntry } from '../service-entry.ts'

export const TUNNEL_SERVICES: readonly ServiceEntry[] = knownByHost('tunnel-service', {
  ngrok: [
    'ngrok.com',
    '*.ngrok.com',
    'ngrok.io',
    '*.ngrok.io',
    '*.ngrok.app',
    '*.ngrok.dev',
    '*.ngrok.pro',
    '*.ngrok-free.app',
    '*.ngrok-free.dev',
    '*.ngrok-agent.com',
  ],
  cloudflared: ['trycloudflare.com', '*.trycloudflare.com', '*.argotunnel.com', '*.cfargotunnel.com'],
  devtunnels: ['*.devtunnels.ms', '*.tunnels.api.visualstudio.com'],
  localtunnel: ['localtunnel.me', '*.localtunnel.me', 'loca.lt', '*.loca.lt'],
  localtonet: ['localtonet.com', '*.localtonet.com', '*.localto.net'],
  portmap: ['portmap.io', '*.portmap.io', '*.portmap.host'],
  btunnel: ['btunnel.in', '*.btunnel.in', '*.btunnel.co.in'],
  localhostrun: ['localhost.run', '*.localhost.run', '*.lhr.life', '*.lhr.rocks'],
  serveo: ['serveo.net', '*.serveo.net', '*.serveousercontent.com'],
  pinggy: ['pinggy.io', '*.pinggy.io', '*.pinggy.link'],
  bore: ['bore.pub', '*.bore.pub'],
  pagekite: ['pagekite.net', '*.pagekite.net', '*.pagekite.me'],
  playit: ['playit.gg', '*.playit.gg'],
  zrok: ['zrok.io', '*.zrok.io'],
  tailscale: ['*.ts.net'],
  telebit: ['telebit.cloud', '*.telebit.cloud', '*.telebit.io'],
  expose: ['*.sharedwithexpose.com', '*.expose.dev'],
})
