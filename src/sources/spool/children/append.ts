/** Appends numbered lines, many at a time, and prints each once it is durable, until it is killed. */
import { openSpool } from '../index.ts'

const spool = await openSpool({
  dir: process.argv[2]!,
  source: 'test:spool',
  state: { get: async () => undefined, set: async () => true, list: async () => [], delete: async () => {} },
  maxBytes: 67_108_864,
  maxAgeMs: 86_400_000,
  policy: 'block',
  segmentBytes: 20_000,
  now: () => Date.now(),
  log: () => {},
  count: () => {},
})

for (let n = 0; ; n += 10) {
  await Promise.all(
    Array.from({ length: 10 }, async (_, k) => {
      await spool.append([{ bytes: Buffer.from(`record ${n + k}`), framing: 'lines' }])
      process.stdout.write(`record ${n + k}\n`)
    }),
  )
}
