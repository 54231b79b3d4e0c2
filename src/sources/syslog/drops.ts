import { readFile } from 'node:fs/promises'
import { endianness } from 'node:os'
import ipaddr from 'ipaddr.js'
import type { Address } from '../listen/address.ts'

/**
 * Datagrams that the kernel received for a socket and had no room for, as `/proc/net/udp` and `/proc/net/udp6` count them in
 * their last column (Linux: Documentation/networking/proc_net_tcp.rst); undefined where the tables do not show the socket.
 */
export function dropsIn(table: string, { host, port }: Address, order: 'LE' | 'BE' = 'LE'): number | undefined {
  const wanted = `${hexOf(host, order)}:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const rows = table.split('\n').map((row) => row.trim().split(/\s+/))
  const own = rows.filter((columns) => columns[1] === wanted)
  if (own.length === 0) return undefined
  return own.reduce((sum, columns) => sum + (Number(columns.at(-1)) || 0), 0)
}

/** Words of 32 bits in the order of the machine. */
function hexOf(host: string, order: 'LE' | 'BE'): string {
  const bytes = Buffer.from(ipaddr.parse(host).toByteArray())
  if (order === 'LE') bytes.swap32()
  return bytes.toString('hex').toUpperCase()
}

/** As `dropsIn`, of this machine. */
export async function kernelDrops(address: Address): Promise<number | undefined> {
  const table = ipaddr.parse(address.host).kind() === 'ipv6' ? '/proc/net/udp6' : '/proc/net/udp'
  try {
    return dropsIn(await readFile(table, 'latin1'), address, endianness())
  } catch {
    return undefined
  }
}
