import { setTimeout as pause } from 'node:timers/promises'
import type { Firehose } from '@aws-sdk/client-firehose'
import { clientSettings } from '../../../aws/client.ts'
import type { Segment } from '../../../core/contracts/index.ts'
import type { Fields } from '../../../core/fields/spec.ts'
import { deliveryStreamName } from '../../../project/aws/delivery-streams.ts'
import { linesIn } from '../compact/rows.ts'
import { writeMetrics } from '../metrics.ts'
import type { OpenHistory } from '../project.ts'
import { bucketSegments, compressRows } from '../segments.ts'
import { type Call, createPacker, longestRecord } from './calls.ts'
import { rowWriter } from './row.ts'
import { send } from './send.ts'

/** Calls that are under way at the same time. */
const together = 4

/**
 * History by Firehose (docs/decisions/0016-segments.md): each record becomes a row of the delivery stream of its cluster and log type, which
 * makes Parquet of it. A put that fails has perhaps handed on some rows: they come again, with the same `streamalert_id`. What no stream takes,
 * as it is longer than a record of Firehose or its log type has no table, becomes a segment in the bucket's `aside/` before the put resolves.
 * `fields`: log type → its fields, of all that have a stream.
 */
export const firehoseHistory =
  (fields: Readonly<Record<string, Fields>>): OpenHistory =>
  ({ place, around, log, timeLeftMs }) => {
    const { firehose: open = connect } = around
    const writers = new Map(
      Object.entries(fields).map(([schema, declared]) => {
        const stream = deliveryStreamName(place, schema)
        return [schema, { stream, write: rowWriter(declared) }] as const
      }),
    )
    const aside = bucketSegments(around.s3(), place.lake, 'aside')
    let client: Promise<Firehose> | undefined

    /** Gives calls as they are full, so that not all rows lie in memory; what has no place in them goes to `left`. */
    function* callsOf({ hour, bytes }: Segment, left: Uint8Array[]): Generator<Call> {
      const packer = createPacker()
      const ids = new Set<string>()
      for (const { text, record } of linesIn(bytes).lines) {
        if (record && ids.has(record.id)) continue
        if (record) ids.add(record.id)
        const writer = record && writers.get(record.schema)
        const row = writer && Buffer.from(writer.write(record, hour))
        if (!row || row.length > longestRecord) left.push(Buffer.concat([text, newline]))
        else {
          const full = packer.add(writer.stream, row)
          if (full) yield full
        }
      }
      yield* packer.rest()
    }

    async function setAside({ cluster, hour }: Segment, left: readonly Uint8Array[]): Promise<void> {
      if (left.length === 0) return
      await aside.put({ cluster, hour, bytes: compressRows(Buffer.concat(left)) })
      writeMetrics(place, around, { SetAside: left.length })
      const message = `${left.length} records are too long for Firehose or have no table: they lie under aside/${cluster}/${hour}/.`
      log({ level: 'error', code: 'RECORD_TOO_LONG', message })
    }

    return {
      compress: compressRows,
      async put(segment) {
        const left: Uint8Array[] = []
        const calls = callsOf(segment, left)
        const means = { firehose: await (client ??= open()), timeLeftMs, pause, random: Math.random }
        // Each takes the next call when it is free.
        const sendAll = async () => {
          for (const call of calls) await send(call, means)
        }
        const ends = await Promise.allSettled(Array.from({ length: together }, sendAll))
        const failed = ends.find((end) => end.status === 'rejected')
        if (failed) throw failed.reason
        await setAside(segment, left)
      },
    }
  }

const newline = Buffer.from('\n')

/** Loaded when it is first needed. Tries are our own: only what failed of a call is sent again. */
async function connect(): Promise<Firehose> {
  const { Firehose: Client } = await import('@aws-sdk/client-firehose')
  return new Client(await clientSettings({}, { reveal: async (value) => value }))
}
