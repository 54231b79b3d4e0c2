/** The api has the function that reads try again what is in quarantine, for that one has the rules. */
import { isPlainObject } from '../../core/plain.ts'

/** The event by which it is asked to. No service of AWS sends one of this form. */
export const retryEvent = (ids: readonly string[]) => ({ streamalert: { retryQuarantine: ids } })

/** The ids in such an event; undefined: it is another one. */
export function retryIn(event: unknown): readonly string[] | undefined {
  const asked = isPlainObject(event) ? event['streamalert'] : undefined
  const ids = isPlainObject(asked) ? asked['retryQuarantine'] : undefined
  return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : undefined
}
