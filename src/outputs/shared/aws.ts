import { z } from 'zod'
import { clientSettings, regionIn, type ClientSettings } from '../../aws/client.ts'
import { awsError } from '../../aws/errors.ts'
import type { AwsOptions } from '../../aws/options.ts'
import type { OutputHost } from '../../core/component.ts'
import type { Message } from '../../core/contracts/index.ts'
import { outputFailures } from '../../core/failures.ts'
import { secretsOf } from '../secrets.ts'
import { cutBytes, cutNote, cutValue, jsonOf } from './cut.ts'
import { asObject } from './cut.ts'

/** A client of one service, made when it is first used and made again after it could not be made. */
export interface AwsConnection<C> {
  /** Calls the service. Whatever goes wrong becomes a CodedError without secrets. */
  readonly call: <T>(use: (client: C) => Promise<T>) => Promise<T>
  readonly close: () => Promise<void>
}

/** `resource`: a name, address or ARN of the configuration, which may say the region. `create` loads the SDK and makes the client. */
export function connectAws<C extends { destroy(): void }>(
  options: AwsOptions & { readonly resource?: string },
  host: OutputHost,
  create: (settings: ClientSettings) => Promise<C>,
): AwsConnection<C> {
  const { reveal, hide, redact } = secretsOf(host)
  let made: Promise<C> | undefined
  const client = () =>
    (made ??= clientSettings(options, {
      reveal: async (value) => hide(await reveal(value)),
      region: regionIn(options.resource ?? ''),
    })
      .then(create)
      .catch((error: unknown) => {
        made = undefined
        throw error
      }))
  return {
    async call(use) {
      try {
        return await use(await client())
      } catch (error) {
        throw awsError(error, outputFailures, redact)
      }
    },
    async close() {
      const ending = await made?.catch(() => undefined)
      made = undefined
      ending?.destroy()
    },
  }
}

/** For receivers that were written for the record alone, as the Python StreamAlert sent it. */
export const payloadOption = z
  .enum(['alert', 'record'])
  .default('alert')
  .meta({ description: 'What is sent: the whole alert, or only the record that raised it.' })

/** What `payload` asks for, as JSON of at most `limit` bytes; `override`, where a publisher gave one, goes instead. */
export function payloadOf(
  { alert, publication }: Message,
  payload: 'alert' | 'record',
  override: unknown,
  limit: number,
): string {
  if (typeof override === 'string') return cutBytes(override, limit, ` ${cutNote(alert.id)}`)
  return jsonOf(
    cutValue(asObject(override ?? (payload === 'record' ? publication.record : publication)), limit, alert.id),
  )
}

/** What XML 1.0 has no place for, and SQS and SNS refuse, replaced. JSON stays JSON: such characters stand only in its texts. */
export const xmlText = (text: string): string =>
  // oxlint-disable-next-line no-control-regex
  text.toWellFormed().replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '\ufffd')

/** Ids of FIFO queues and topics hold only these; one rule is one group, whose alerts keep their order. */
export const groupOf = (rule: string): string => rule.replace(/[^\w!-/:-@[-`{-~]/g, '_').slice(0, 128)
