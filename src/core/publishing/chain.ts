import type { Alert, Publisher } from '../contracts/index.ts'
import { CodedError, messageOf } from '../errors.ts'
import { publish, type Publication } from '../publish.ts'

/** What `copy` gives shares nothing with what it is given. */
export type Copy = <T>(value: T) => T

/**
 * The publication of an alert: the default one, passed through the publishers in turn. Each gets copies, so that none
 * changes what the alert holds. Throws PUBLISHER_FAILED, naming the publisher, when one throws or answers no object.
 */
export function runPublishers(publishers: readonly Publisher[], alert: Alert, copy: Copy): Publication {
  return publishers.reduce<Publication>(
    (before, publisher) => run(publisher, copy(alert), copy(before)),
    publish(alert),
  )
}

function run({ name, publish: next }: Publisher, alert: Alert, before: Publication): Publication {
  let publication: unknown
  try {
    publication = next(alert, before)
  } catch (error) {
    throw failed(name, `threw: ${messageOf(error)}`)
  }
  if (isPlain(publication)) return publication
  throw failed(name, `answered ${publication instanceof Promise ? 'a promise; publishers cannot wait' : 'no object'}.`)
}

const isPlain = (value: unknown): value is Publication =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Promise)

const failed = (name: string, how: string) =>
  new CodedError('PUBLISHER_FAILED', `The publisher "${name}" ${how}`.slice(0, 500), { place: { name } })

/** What is sent when a publisher failed: the default publication, which says so in `publisherFailed`. */
export const publicationAfter = (alert: Alert, failure: string): Publication => ({
  ...publish(alert),
  publisherFailed: failure,
})
