import type { SourceHost } from '../../core/component.ts'
import { type Address, isLoopback } from './address.ts'

/** Messages that are too long are told of so often. Milliseconds. */
const tellEveryMs = 60_000

/** Counts messages that are too long, and tells of them now and then. */
export function tellerOf(host: SourceHost, limit: string): () => void {
  let toldAt = Number.NEGATIVE_INFINITY
  return () => {
    host.count('refused')
    if (host.now() - toldAt < tellEveryMs) return
    toldAt = host.now()
    const message = `${host.name}: a message is longer than ${limit} (limits.message); the rest of it is left out.`
    host.log({ level: 'warn', code: 'RECORD_TOO_LONG', message })
  }
}

/** Logs where a source listens, and that it is not encrypted where others can reach it. */
export function tellListening(host: SourceHost, protocol: string, { host: at, port }: Address): void {
  const url = `${protocol}://${at.includes(':') ? `[${at}]` : at}:${port}`
  host.log({ level: 'info', code: 'SOURCE_LISTENING', message: `${host.name} listens on ${url}.`, url })
  if (protocol.endsWith('tls') || isLoopback(at)) return
  const message = `${host.name} is reached from outside without TLS: logs can be read and made up on the way.`
  host.log({ level: 'warn', code: 'SOURCE_UNENCRYPTED', message })
}
