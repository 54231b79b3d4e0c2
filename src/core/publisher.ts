import type { Publisher } from './contracts/index.ts'
import { CodedError } from './errors.ts'

/**
 * Declares a publisher. Throws PUBLISHER_INVALID with every fault at once.
 *
 *   export const brief = definePublisher({
 *     name: 'brief',
 *     description: 'Says no more than the title.',
 *     publish: (alert, publication) => ({ ...publication, '@slack.text': alert.title }),
 *   })
 */
export function definePublisher(publisher: Publisher): Publisher {
  const { name, description, publish } = publisher
  const faults = [
    ...(isName(name) ? [] : [`name: "${name}" is not lower case letters, digits and dashes.`]),
    ...(typeof description === 'string' && description !== '' ? [] : ['description: is missing.']),
    ...(typeof publish === 'function' ? [] : ['publish: is not a function.']),
  ]
  if (faults.length > 0) throw new CodedError('PUBLISHER_INVALID', faults.join(' '), { place: { name: name } })
  return publisher
}

/** Publishers that are made for some arguments carry these in brackets: `without(password)`. */
const isName = (name: unknown) => typeof name === 'string' && /^[a-z0-9][a-z0-9_-]*(\(.*\))?$/.test(name)

/** True for what `definePublisher` gives: rules also come from plain JavaScript. */
export function isPublisher(value: unknown): value is Publisher {
  if (typeof value !== 'object' || value === null) return false
  const { name, publish } = value as Partial<Publisher>
  return isName(name) && typeof publish === 'function'
}
