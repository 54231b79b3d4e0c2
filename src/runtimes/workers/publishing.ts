import type { Alert, LogLine, PublisherNames } from '../../core/contracts/index.ts'
import { publish, type Publication } from '../../core/publish.ts'
import { publicationAfter } from '../../core/publishing/chain.ts'
import { publishersFor } from '../../core/publishing/choice.ts'
import type { Published } from './pool.ts'

export interface PublishingOptions {
  /** Runs publishers, by name, where rules run. */
  run(alert: Alert, publishers: readonly string[]): Promise<Published>
  /** Rule → its publishers. */
  readonly ofRules: ReadonlyMap<string, PublisherNames>
  /** Output → the publishers its configuration names. */
  readonly ofOutputs: ReadonlyMap<string, readonly string[]>
  now(): number
  log(line: LogLine): void
}

/** A chain that broke its worker so often in a row is left alone for a while: each time costs a restart. */
const mostBreaks = 3
const pauseMs = 60_000

/**
 * What is told of an alert to an output. Never rejects: when a publisher fails, the default publication goes out, which says
 * so, and the log names the publisher.
 */
export function createPublishing(options: PublishingOptions) {
  const { run, ofRules, ofOutputs, now, log } = options
  const breaks = new Map<string, { times: number; until: number }>()

  return async function publication(alert: Alert, output: string): Promise<Publication> {
    const names = publishersFor(output, ofOutputs.get(output) ?? [], ofRules.get(alert.rule))
    if (names.length === 0) return publish(alert)
    const chain = names.join(' ')
    const before = breaks.get(chain)
    if (before && before.until > now()) return publicationAfter(alert, `${chain}: left out after it broke its worker.`)
    const published = await run(alert, names)
    if ('publication' in published) {
      breaks.delete(chain)
      return published.publication
    }
    if (published.broke) {
      const times = (before?.times ?? 0) + 1
      breaks.set(chain, { times, until: times >= mostBreaks ? now() + pauseMs : 0 })
    }
    const message = `${alert.rule} to ${output}: ${published.failure} The default publication is sent instead.`
    log({ level: 'warn', code: 'PUBLISHER_FAILED', message })
    return publicationAfter(alert, published.failure)
  }
}
