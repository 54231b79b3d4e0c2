import type { Server } from 'node:net'
import type { SourceHost } from '../../core/component.ts'
import { CodedError, messageOf } from '../../core/errors.ts'
import type { Address } from './address.ts'

/** Binds a server to its address. Throws SOURCE_FAILED, to be tried later, when the address cannot be had. */
export async function bind(server: Server, address: Address, host: Pick<SourceHost, 'name'>): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(address, () => {
        server.off('error', reject)
        resolve()
      })
    })
  } catch (error) {
    throw cannotListen(address, host, error)
  }
}

/** The error of an address that cannot be had. */
export const cannotListen = (address: Address, { name }: Pick<SourceHost, 'name'>, error: unknown) =>
  new CodedError('SOURCE_FAILED', `${name} cannot listen on ${address.host}:${address.port}: ${messageOf(error)}`, {
    place: { name },
    hint: 'Give it an address of this machine, and a port that nothing else uses and this user may take.',
    retry: 'later',
    cause: error,
  })
