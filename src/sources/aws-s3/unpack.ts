import { compileGlob } from '../../core/glob.ts'
import { messageDelivery } from '../aws/message.ts'
import type { QueueMessage, Unpacked } from '../aws/queue.ts'
import { objectsIn } from './events.ts'
import type { Objects } from './objects.ts'

/** Which keys are read. */
export function keysOf(options: {
  readonly include?: readonly string[] | undefined
  readonly exclude: readonly string[]
}): (key: string) => boolean {
  const included = options.include?.map(compileGlob)
  const excluded = options.exclude.map(compileGlob)
  return (key) => (included?.some((matches) => matches(key)) ?? true) && !excluded.some((matches) => matches(key))
}

/**
 * The objects that a message announces. One that announces no object is no reason to lose it: it goes the way of records, and so into
 * the quarantine.
 */
export function createUnpack(
  { queue, accepts }: { readonly queue: string; readonly accepts: (key: string) => boolean },
  objects: Objects,
  source: string,
): (message: QueueMessage) => Promise<Unpacked> {
  const asRecord = messageDelivery({ queue, base64: false, unwrap: false }, source)
  return async (message) => {
    const named = objectsIn(message.body)
    if (!named) return { deliveries: [asRecord(message)] }
    const wanted = named.filter(({ key }) => accepts(key)).map((object) => ({ at: message.sentAt, ...object }))
    const found = await Promise.all(wanted.map((object) => objects.deliveryOf(object)))
    return {
      deliveries: found.filter((delivery) => delivery !== undefined),
      done: () => objects.forget(wanted),
    }
  }
}
