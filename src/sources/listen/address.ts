import { isIPv4 } from 'node:net'
import { z } from 'zod'

/** Where to listen: `127.0.0.1:8088`, `[::1]:8088`, `logs.example.com:8088`. */
export interface Address {
  readonly host: string
  readonly port: number
}

/** What an option of the form `addressOption` says. */
export function addressOf(listen: string): Address {
  const at = listen.lastIndexOf(':')
  return { host: listen.slice(0, at).replace(/^\[(.*)\]$/, '$1'), port: Number(listen.slice(at + 1)) }
}

/** An address to listen on, in a configuration. */
export const addressOption = z
  .string()
  .regex(/^(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}$/, {
    error: 'is not an address: write 127.0.0.1:8088 or [::1]:8088',
    abort: true,
  })
  .refine((listen) => addressOf(listen).port < 65_536, 'has a port beyond 65535')

/** True where only what runs on this machine can connect. */
export const isLoopback = (host: string) =>
  host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
