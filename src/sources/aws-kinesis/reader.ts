import { randomUUID } from 'node:crypto'
import type { _Record as KinesisRecord, Kinesis } from '@aws-sdk/client-kinesis'
import type { SourceHost } from '../../core/component.ts'
import type { Batch, Delivery, ReadOptions } from '../../core/contracts/index.ts'
import { CodedError, messageOf } from '../../core/errors.ts'
import { sleep } from '../../core/sleep.ts'
import type { Connection } from '../aws/connect.ts'
import { createLeases } from './leases.ts'
import { createPlaces } from './places.ts'
import { listShards, readable } from './shards.ts'

export interface ReaderOptions {
  readonly stream: string
  /** Where a shard begins that was never read: at its oldest record, at what comes from now on, or at a time. */
  readonly start: 'oldest' | 'latest' | { readonly at: Date }
  readonly leaseMs: number
  /** Milliseconds between two listings of the shards. */
  readonly listMs: number
  deliveriesOf(record: KinesisRecord, shard: string): readonly Delivery[]
}

/** One shard that is ours. */
interface Reading {
  readonly shard: string
  iterator: string | undefined
  /** Not to be asked before, epoch milliseconds. */
  due: number
  busy: boolean
  caughtUp: boolean
}

interface Fetched {
  readonly reading: Reading
  readonly records: readonly KinesisRecord[]
  readonly ended: boolean
}

/** Five reads a second and shard are allowed (https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html). */
const betweenMs = 220
const quietMs = 1_000
const troubleMs = 1_500

/**
 * Reads a stream of Amazon Kinesis. Each shard is read by one of those who share the state, up to a place that is kept there once
 * all before it is durable. What failed is read again from there, by whoever takes the shard next.
 */
export async function* readStream(
  options: ReaderOptions,
  connection: Connection<Kinesis>,
  host: SourceHost,
  { signal, once }: ReadOptions,
): AsyncGenerator<Batch> {
  const { stream, leaseMs } = options
  const leases = createLeases(host, { owner: randomUUID(), leaseMs })
  const places = createPlaces(host)
  const readings = new Map<string, Reading>()
  const ready: Fetched[] = []
  let alive: ReadonlySet<string> = new Set()
  let listed = 0
  let renewed = 0
  let shards: Awaited<ReturnType<typeof listShards>> = []
  let open: readonly string[] = []
  let broken: unknown

  async function look(): Promise<void> {
    const now = host.now()
    if (now - listed >= options.listMs) {
      listed = now
      shards = await listShards(connection, stream, signal)
      await places.load()
      await places.keepOnly(new Set(shards.map(({ ShardId }) => ShardId ?? '')))
      renewed = 0
    }
    if (now - renewed < leaseMs / 4) return
    renewed = now
    open = readable(shards, places.isEnded)
    alive = await leases.renew(open)
    for (const shard of readings.keys()) if (!leases.mine.has(shard)) readings.delete(shard)
    for (const shard of leases.mine) {
      if (readings.has(shard) || !open.includes(shard)) continue
      // Another may have read on since the places were loaded.
      await places.load()
      readings.set(shard, { shard, iterator: undefined, due: 0, busy: false, caughtUp: false })
    }
  }

  async function iteratorOf({ shard }: Reading): Promise<string | undefined> {
    const place = places.of(shard)
    const { start } = options
    const from =
      place !== undefined
        ? { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' as const, StartingSequenceNumber: place }
        : typeof start === 'object'
          ? { ShardIteratorType: 'AT_TIMESTAMP' as const, Timestamp: start.at }
          : { ShardIteratorType: start === 'latest' ? ('LATEST' as const) : ('TRIM_HORIZON' as const) }
    const input = { StreamName: stream, ShardId: shard, ...from }
    const { ShardIterator } = await connection.call((kinesis) =>
      kinesis.getShardIterator(input, { abortSignal: signal }),
    )
    return ShardIterator
  }

  /** Asks one shard. What it gives stands in `ready`; trouble of the moment is tried again, other trouble ends the reading. */
  async function fetch(reading: Reading): Promise<void> {
    reading.busy = true
    try {
      reading.iterator ??= await iteratorOf(reading)
      const input = { ShardIterator: reading.iterator, Limit: 10_000 }
      const found = await connection.call((kinesis) => kinesis.getRecords(input, { abortSignal: signal }))
      const { Records: records = [], NextShardIterator, MillisBehindLatest: behind = 0 } = found
      reading.iterator = NextShardIterator
      const ended = NextShardIterator === undefined || NextShardIterator === null
      reading.caughtUp = records.length === 0 && behind === 0
      reading.due = host.now() + (reading.caughtUp && !once ? quietMs : betweenMs)
      if (records.length > 0) return void ready.push({ reading, records, ended })
      if (ended) await end(reading)
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof CodedError) || (error.retry !== 'later' && !isExpired(error))) broken = error
      else host.log({ level: 'warn', code: error.code, message: `${host.name}: ${reading.shard}: ${messageOf(error)}` })
      reading.iterator = undefined
      reading.due = host.now() + troubleMs
    }
    reading.busy = false
  }

  async function end({ shard }: Reading): Promise<void> {
    await places.moveTo(shard, 'end')
    readings.delete(shard)
    // Its children may begin.
    listed = 0
  }

  async function settle(
    { reading, records, ended }: Fetched,
    ids: readonly (readonly string[])[],
    failed: ReadonlySet<string>,
  ) {
    const firstFailed = ids.findIndex((of) => of.some((id) => failed.has(id)))
    const done = firstFailed < 0 ? records.length : firstFailed
    if (done > 0) await places.moveTo(reading.shard, records[done - 1]!.SequenceNumber!)
    if (firstFailed >= 0) {
      readings.delete(reading.shard)
      await leases.release(reading.shard, once ? betweenMs : troubleMs)
      renewed = 0
    } else if (ended) await end(reading)
    reading.busy = false
  }

  /** Nothing is left that this reader could read now: all it has was read to its end, and the rest is with others. */
  const isThrough = () =>
    open.every((shard) => readings.get(shard)?.caughtUp || (!leases.mine.has(shard) && alive.has(shard)))

  try {
    while (!signal.aborted) {
      await look().catch((error: unknown) => {
        if (!signal.aborted) throw error
      })
      for (const reading of readings.values()) if (!reading.busy && reading.due <= host.now()) void fetch(reading)
      for (const fetched of ready.splice(0)) {
        const { shard } = fetched.reading
        const deliveries = fetched.records.map((record) => options.deliveriesOf(record, shard))
        const ids = deliveries.map((of) => of.map(({ id }) => id))
        yield { deliveries: deliveries.flat(), settle: (failed) => settle(fetched, ids, failed) }
      }
      if (broken !== undefined) throw broken
      const busy = [...readings.values()].some((reading) => reading.busy)
      if (once && !busy && ready.length === 0 && listed > 0 && isThrough()) return
      await sleep(busy || ready.length > 0 ? 10 : 50, signal)
    }
  } finally {
    await leases.releaseAll().catch(() => {})
  }
}

const isExpired = ({ message }: CodedError) => message.includes('ExpiredIterator')
