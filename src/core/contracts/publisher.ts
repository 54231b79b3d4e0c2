import type { Publication } from '../publish.ts'
import type { Alert } from './alert.ts'

/** Says what an output tells of an alert. */
export interface Publisher {
  /** Lower case with dashes, unique in the project. */
  readonly name: string
  /** One sentence. */
  readonly description: string
  /**
   * The next publication, from the one before it in the chain. Pure and synchronous; both arguments are copies that it may
   * change. It runs where rules run, under the same limits; when it throws, the default publication is sent instead.
   */
  readonly publish: (alert: Alert, publication: Publication) => Publication
}

/**
 * Names of publishers, in their order, by the outputs that they speak for: `*` for every output, a kind (`slack`), or one
 * output (`slack:security`).
 */
export type PublisherNames = Readonly<Record<string, readonly string[]>>
