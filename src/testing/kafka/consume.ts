import { setTimeout as sleep } from 'node:timers/promises'
import type { Call, Operation } from './broker.ts'
import { createGroup, type Group } from './group.ts'
import type { PartitionLog } from './log.ts'
import { array, blob, int16, int32, int64, string, type WireReader } from './wire.ts'

export interface ConsumeOptions {
  /** The log of a partition; undefined where there is none. */
  log(topic: string, partition: number): PartitionLog | undefined
  /** `group topic:partition` → committed offset, for tests to look at. */
  readonly committed: Map<string, bigint>
}

const unknownTopic = 3
/** How often a fetch that found nothing looks again, milliseconds. */
const lookMs = 20

/** What a consumer asks, each in one version without compact types: key of the API → how it is answered. */
export function consumerOperations({ log, committed }: ConsumeOptions): readonly (readonly [number, Operation])[] {
  const groups = new Map<string, Group>()
  const groupOf = (body: WireReader) => {
    const name = body.string() ?? ''
    const group = groups.get(name) ?? createGroup()
    groups.set(name, group)
    return { name, group }
  }
  const at = (version: number, answer: Operation['answer']): Operation => ({ versions: [version, version], answer })
  return [
    [1, at(4, (call) => fetch(call, log))],
    [2, at(1, (call) => listOffsets(call, log))],
    [8, at(2, ({ body }) => commitOffsets(body, groupOf(body), committed))],
    [9, at(2, ({ body }) => fetchOffsets(body, groupOf(body).group))],
    [
      10,
      at(1, ({ port }) =>
        Buffer.concat([int32(0), int16(0), string(undefined), int32(1), string('localhost'), int32(port)]),
      ),
    ],
    [11, at(2, ({ body }) => join(body, groupOf(body).group))],
    [12, at(1, ({ body }) => heartbeat(body, groupOf(body).group))],
    [13, at(1, ({ body }) => leave(body, groupOf(body).group))],
    [14, at(1, ({ body }) => sync(body, groupOf(body).group))],
  ]
}

/** Topics with partitions, whatever is asked of each. */
const topicsOf = <T>(body: WireReader, partition: () => T) =>
  body.array(() => ({ topic: body.string() ?? '', partitions: body.array(partition) }))

async function fetch({ body }: Call, log: ConsumeOptions['log']): Promise<Buffer> {
  body.int32()
  const until = Date.now() + body.int32()
  // Least bytes, most bytes, isolation.
  body.bytes(4 + 4 + 1)
  const wanted = topicsOf(body, () => ({ n: body.int32(), offset: body.int64(), most: body.int32() }))
  const hasMore = () =>
    wanted.some(({ topic, partitions }) => partitions.some(({ n, offset }) => (log(topic, n)?.end() ?? 0n) > offset))
  while (!hasMore() && Date.now() < until) await sleep(lookMs)
  const topics = array(wanted, ({ topic, partitions }) => [
    string(topic),
    array(partitions, ({ n, offset, most }) => {
      const found = log(topic, n)
      const end = found?.end() ?? 0n
      const error = int16(found ? 0 : unknownTopic)
      const records = blob(found?.read(offset, most) ?? Buffer.alloc(0))
      return [int32(n), error, int64(end), int64(end), int32(-1), records]
    }),
  ])
  return Buffer.concat([int32(0), topics])
}

function listOffsets({ body }: Call, log: ConsumeOptions['log']): Buffer {
  body.int32()
  const wanted = topicsOf(body, () => ({ n: body.int32(), time: body.int64() }))
  return array(wanted, ({ topic, partitions }) => [
    string(topic),
    array(partitions, ({ n, time }) => {
      const found = log(topic, n)
      const offset = time === -2n ? 0n : (found?.end() ?? 0n)
      return [int32(n), int16(found ? 0 : unknownTopic), int64(-1n), int64(offset)]
    }),
  ])
}

async function join(body: WireReader, group: Group): Promise<Buffer> {
  // Time-outs of session and round.
  body.bytes(8)
  const given = body.string() ?? ''
  body.string()
  const [first] = body.array(() => ({ name: body.string() ?? '', metadata: body.blob() ?? Buffer.alloc(0) }))
  const joined = await group.join(given, first?.name ?? '', first?.metadata ?? Buffer.alloc(0))
  const { generation, protocol, leader, member, members } = joined
  return Buffer.concat([
    ...[int32(0), int16(0), int32(generation), string(protocol), string(leader), string(member)],
    array(members, ([name, metadata]) => [string(name), blob(metadata)]),
  ])
}

async function sync(body: WireReader, group: Group): Promise<Buffer> {
  const [generation, member] = [body.int32(), body.string() ?? '']
  const told = new Map(body.array(() => [body.string() ?? '', body.blob() ?? Buffer.alloc(0)] as const))
  const [error, assignment] = await group.sync(member, generation, told)
  return Buffer.concat([int32(0), int16(error), blob(assignment)])
}

function heartbeat(body: WireReader, group: Group): Buffer {
  const [generation, member] = [body.int32(), body.string() ?? '']
  return Buffer.concat([int32(0), int16(group.check(member, generation) || (group.isSharing() ? 27 : 0))])
}

function leave(body: WireReader, group: Group): Buffer {
  group.leave(body.string() ?? '')
  return Buffer.concat([int32(0), int16(0)])
}

function commitOffsets(
  body: WireReader,
  { name, group }: { name: string; group: Group },
  committed: ConsumeOptions['committed'],
): Buffer {
  const [generation, member] = [body.int32(), body.string() ?? '']
  body.int64()
  const error = group.check(member, generation)
  const topics = topicsOf(body, () => ({ n: body.int32(), offset: body.int64(), metadata: body.string() }))
  for (const { topic, partitions } of error === 0 ? topics : []) {
    for (const { n, offset } of partitions) {
      group.offsets.set(`${topic}:${n}`, offset)
      committed.set(`${name} ${topic}:${n}`, offset)
    }
  }
  return array(topics, ({ topic, partitions }) => [
    string(topic),
    array(partitions, ({ n }) => [int32(n), int16(error)]),
  ])
}

function fetchOffsets(body: WireReader, group: Group): Buffer {
  const wanted = topicsOf(body, () => body.int32())
  const topics = array(wanted, ({ topic, partitions }) => [
    string(topic),
    array(partitions, (n) => [int32(n), int64(group.offsets.get(`${topic}:${n}`) ?? -1n), string(''), int16(0)]),
  ])
  return Buffer.concat([topics, int16(0)])
}
