import type { _Record as KinesisRecord } from '@aws-sdk/client-kinesis'
import type { SourceHost } from '../../core/component.ts'
import type { Delivery } from '../../core/contracts/index.ts'
import { disaggregate } from '../aws/aggregated.ts'
import { logEventsIn } from '../aws/log-events.ts'

/** What of a record is looked at, however it came here. */
export type StreamRecord = Pick<KinesisRecord, 'Data' | 'SequenceNumber' | 'ApproximateArrivalTimestamp'>

/** A record of a stream is one delivery, or several where it holds several records. `unwrap`: lines of log groups are taken out. */
export function kinesisDeliveries(
  { stream, unwrap }: { readonly stream: string; readonly unwrap: boolean },
  host: Pick<SourceHost, 'name' | 'now'>,
): (record: StreamRecord, shard: string) => readonly Delivery[] {
  return (record, shard) => {
    const { Data: data = new Uint8Array(0), SequenceNumber: sequence = '', ApproximateArrivalTimestamp: at } = record
    const receivedAt = at?.getTime() ?? host.now()
    const base = `kinesis/${stream}/${shard}/${sequence}`
    const delivery = (origin: string, bytes: Uint8Array): Delivery => ({
      ...{ id: origin, source: host.name, receivedAt, origin, size: bytes.length },
      async *body() {
        if (bytes.length > 0) yield bytes
      },
    })
    const parts = disaggregate(data)?.map((bytes, n) => ({ origin: `${base}/${n}`, bytes })) ?? [
      { origin: base, bytes: data },
    ]
    return parts.flatMap(({ origin, bytes }) => {
      const events = unwrap ? logEventsIn(bytes) : undefined
      return (
        events?.map(({ id, message }) => delivery(`${origin}/${id}`, Buffer.from(message))) ?? delivery(origin, bytes)
      )
    })
  }
}
