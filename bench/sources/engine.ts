/** An engine in a process of its own, which tells its parent what became durable. `node engine.ts <project>` */
import { registerResolve } from '../../src/project/index.ts'
import { startEngine } from '../../src/runtimes/embedded/engine.ts'

/** Records that became durable, and how long after they were written those took that alerted. Milliseconds. */
export interface Told {
  readonly records: number
  readonly delays: readonly number[]
}

registerResolve()
await startEngine({
  projectDir: process.argv[2]!,
  once: false,
  screen: { colour: false, columns: 80, write: () => {} },
  env: {},
  events: {
    log: ({ level, message }) => void (level === 'error' && process.stderr.write(`${message}\n`)),
    committed({ alerts }, results) {
      const records = results.reduce((sum, result) => sum + result.records, 0)
      if (records === 0) return
      const now = Date.now()
      const told: Told = { records, delays: alerts.map(({ record }) => now - Number(record.data['sent'])) }
      process.send!(told)
    },
  },
})
process.send!({ records: 0, delays: [] } satisfies Told)
