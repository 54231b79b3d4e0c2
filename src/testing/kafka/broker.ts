import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { consumerOperations } from './consume.ts'
import { createLog, type PartitionLog } from './log.ts'
import { untrustedCertificate, untrustedKey } from '../untrusted-certificate.ts'
import {
  array,
  blob,
  int16,
  int32,
  int64,
  int8,
  readBatches,
  readWire,
  string,
  type WireReader,
  type WireRecord,
} from './wire.ts'

export interface BrokerOptions {
  /** Topics and how many partitions each has. */
  readonly topics: Readonly<Record<string, number>>
  /** With a certificate that `untrusted-certificate.ts` vouches for. */
  readonly tls?: boolean
  /** Who may come in, by SASL PLAIN. Default: everyone. */
  readonly user?: { readonly username: string; readonly password: string }
  /** Code of the error that each produce request is answered with: https://kafka.apache.org/protocol#protocol_error_codes */
  readonly produceError?: number
  /** Default: any that is free. */
  readonly port?: number
}

export interface StoredRecord extends WireRecord {
  readonly topic: string
  readonly partition: number
}

export interface KafkaBroker extends AsyncDisposable {
  /** `localhost:port` */
  readonly address: string
  /** What producers stored, in order of arrival. */
  readonly records: readonly StoredRecord[]
  /** What groups committed: `group topic:partition` → offset. */
  readonly committed: ReadonlyMap<string, bigint>
}

/** What an operation is given, and what it knows of its connection. */
export interface Call {
  readonly body: WireReader
  readonly port: number
  readonly session: { known: boolean }
}

/**
 * One broker on the loopback interface that speaks as much of Kafka's protocol as producers and members of consumer groups
 * need (https://kafka.apache.org/protocol); versions without compact types where clients have the choice. It keeps records in memory. Give it to `await using`.
 */
export async function startKafkaBroker(options: BrokerOptions): Promise<KafkaBroker> {
  const records: StoredRecord[] = []
  const committed = new Map<string, bigint>()
  const sockets = new Set<Socket>()
  const operations = operationsOf(options, records, committed)
  const serve = (socket: Socket) => {
    const session = { known: options.user === undefined }
    const { port } = server.address() as AddressInfo
    let pending = Buffer.alloc(0)
    // The requests of a connection are answered one after another.
    let answered = Promise.resolve()
    const reply = async (request: WireReader, before: Promise<void>) => {
      await before
      const answer = await answerOf(request, operations, { port, session })
      if (answer && !socket.destroyed) socket.write(blob(answer))
      else socket.destroy()
    }
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    socket.on('data', (chunk: Buffer) => {
      pending = Buffer.concat([pending, chunk])
      while (pending.length >= 4 && pending.length >= 4 + pending.readInt32BE(0)) {
        const length = pending.readInt32BE(0)
        const request = readWire(pending.subarray(4, 4 + length))
        pending = pending.subarray(4 + length)
        answered = reply(request, answered)
      }
    })
  }
  const server = options.tls
    ? createTlsServer({ cert: untrustedCertificate, key: untrustedKey }, serve)
    : createServer(serve)
  server.on('tlsClientError', () => {}).listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  return {
    address: `localhost:${(server.address() as AddressInfo).port}`,
    records,
    committed,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export interface Operation {
  readonly versions: readonly [number, number]
  /** Can be asked for before anybody is known. */
  readonly open?: boolean
  /** The answer's body. */
  readonly answer: (call: Call) => Buffer | Promise<Buffer>
}

const names = { produce: 0, metadata: 3, saslHandshake: 17, apiVersions: 18, saslAuthenticate: 36 } as const

/** Undefined for what no client of good behaviour asks: the connection ends. */
async function answerOf(
  request: WireReader,
  operations: ReadonlyMap<number, Operation>,
  connection: Omit<Call, 'body'>,
): Promise<Buffer | undefined> {
  const [key] = [request.int16(), request.int16()]
  const correlation = request.int32()
  request.string()
  const operation = operations.get(key)
  if (!operation || !(operation.open || connection.session.known)) return undefined
  return Buffer.concat([int32(correlation), await operation.answer({ ...connection, body: request })])
}

function operationsOf(
  options: BrokerOptions,
  records: StoredRecord[],
  committed: Map<string, bigint>,
): ReadonlyMap<number, Operation> {
  const logs = new Map(
    Object.entries(options.topics).flatMap(([topic, count]) =>
      Array.from({ length: count }, (_, n) => [`${topic}:${n}`, createLog()] as const),
    ),
  )
  const log = (topic: string, partition: number) => logs.get(`${topic}:${partition}`)
  const operations = new Map<number, Operation>(consumerOperations({ log, committed }))
  const mechanisms = array(['PLAIN'], (name) => [string(name)])
  operations.set(names.produce, { versions: [3, 3], answer: (call) => produce(call, options, records, log) })
  operations.set(names.metadata, { versions: [4, 4], answer: (call) => metadata(call, options.topics) })
  operations.set(names.saslHandshake, {
    versions: [1, 1],
    open: true,
    answer: () => Buffer.concat([int16(0), mechanisms]),
  })
  operations.set(names.saslAuthenticate, {
    versions: [2, 2],
    open: true,
    answer: (call) => authenticate(call, options.user),
  })
  operations.set(names.apiVersions, { versions: [0, 3], open: true, answer: () => apiVersions(operations) })
  return operations
}

/** In version 3, with compact arrays and tags, for clients begin with it. */
const apiVersions = (operations: ReadonlyMap<number, Operation>): Buffer =>
  Buffer.concat([
    int16(0),
    int8(operations.size + 1),
    ...[...operations].flatMap(([key, { versions }]) => [int16(key), int16(versions[0]), int16(versions[1]), int8(0)]),
    int32(0),
    int8(0),
  ])

/** In version 2, with compact texts and tags (in its header too), for clients ask for nothing else. */
function authenticate({ body, session }: Call, user: BrokerOptions['user']): Buffer {
  body.int8()
  const given = body.bytes(Number(body.uvarint()) - 1).toString()
  session.known = given === `\0${user?.username}\0${user?.password}`
  return Buffer.concat([int8(0), int16(session.known ? 0 : 58), int8(0), int8(1), int64(0n), int8(0)])
}

function metadata({ body, port }: Call, topics: BrokerOptions['topics']): Buffer {
  const wanted = body.array(() => body.string() ?? '')
  return Buffer.concat([
    int32(0),
    array([port], () => [int32(1), string('localhost'), int32(port), string(undefined)]),
    string('test-cluster'),
    int32(1),
    array(wanted, (name) => {
      const count = topics[name]
      const partitions = Array.from({ length: count ?? 0 }, (_, n) => n)
      const ids = array([1], (id) => [int32(id)])
      return [
        int16(count === undefined ? 3 : 0),
        string(name),
        int8(0),
        array(partitions, (n) => [int16(0), int32(n), int32(1), ids, ids]),
      ]
    }),
  ])
}

function produce(
  { body }: Call,
  { produceError = 0 }: BrokerOptions,
  records: StoredRecord[],
  log: (topic: string, partition: number) => PartitionLog | undefined,
): Buffer {
  // Transaction, acknowledgements, timeout.
  body.string()
  body.int16()
  body.int32()
  const topics = body.array(() => ({
    topic: body.string() ?? '',
    partitions: body.array(() => ({ partition: body.int32(), batches: body.blob() ?? Buffer.alloc(0) })),
  }))
  const answer = array(topics, ({ topic, partitions }) => [
    string(topic),
    array(partitions, ({ partition, batches }) => {
      if (produceError === 0) records.push(...readBatches(batches).map((record) => ({ ...record, topic, partition })))
      const offset = (produceError === 0 ? log(topic, partition)?.append(batches) : undefined) ?? 0n
      return [int32(partition), int16(produceError), int64(offset), int64(-1n)]
    }),
  ])
  return Buffer.concat([answer, int32(0)])
}
