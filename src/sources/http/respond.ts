import type { SourceHost } from '../../core/component.ts'
import { milliseconds } from '../../core/duration.ts'
import { bytesOf } from '../spool/config.ts'
import type { Spool } from '../spool/index.ts'
import { createAuth } from './auth.ts'
import { createHeld } from './body.ts'
import type { Protocol } from './exchange.ts'
import type { Respond } from './listener.ts'
import type { Options } from './options.ts'
import { createElasticsearch } from './protocols/elasticsearch/index.ts'
import { createFirehose } from './protocols/firehose.ts'
import { createGithub } from './protocols/github.ts'
import { createHec } from './protocols/hec.ts'
import { createOtlp } from './protocols/otlp/index.ts'
import { createPlain } from './protocols/plain.ts'
import { createSns } from './protocols/sns.ts'
import { createServe } from './serve.ts'

/** What of a source's options decides how requests are answered. */
export type ResponderOptions = Pick<
  Options,
  'protocols' | 'tokens' | 'signatures' | 'sns' | 'text' | 'envelope' | 'repeats' | 'limits'
>

/** Answers requests in all protocols of a source: what it says was taken is in `spool` by then. */
export function createResponder(config: ResponderOptions, host: SourceHost, spool: Pick<Spool, 'append'>): Respond {
  const { limits, repeats } = config
  const signatures = config.signatures.map((one) => ({ ...one, tolerance: milliseconds(one.tolerance) }))
  return createServe(
    {
      protocols: protocolsOf(config, host),
      auth: createAuth({ tokens: config.tokens, signatures }, host),
      limits: {
        body: bytesOf(limits.body),
        decompressed: bytesOf(limits.decompressed),
        maxRatio: limits.ratio,
      },
      held: createHeld(bytesOf(limits.inFlight)),
      spool,
      repeats: {
        keyMs: milliseconds(repeats.key),
        bodyMs: repeats.body === false ? 0 : milliseconds(repeats.body),
      },
    },
    host,
  )
}

/** Those told by a header come first, then those with paths of their own, then any POST. */
function protocolsOf(config: ResponderOptions, host: SourceHost): readonly Protocol[] {
  const all = [
    createFirehose(host.now),
    createGithub(config),
    ...snsOf(config, host),
    createHec(config, host.now),
    createOtlp(config),
    createElasticsearch(config),
    createPlain(config),
  ]
  return all.filter(({ name }) => (config.protocols as readonly string[]).includes(name))
}

/** None where no topics are configured. */
function snsOf({ sns, envelope, repeats }: ResponderOptions, { name, now, log }: SourceHost): readonly Protocol[] {
  if (!sns) return []
  const tell = (level: 'info' | 'warn', text: string) =>
    log({ level, code: 'SOURCE_SUBSCRIPTION', message: `${name}: ${text}` })
  return [createSns({ topics: sns.topics, envelope, maxAgeMs: milliseconds(repeats.key) }, { now, tell, fetch })]
}
