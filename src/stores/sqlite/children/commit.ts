/**
 * Commits numbered results until it is killed: `node commit.ts <state file> [last number]`. Goes on where the state says
 * that the one before was stopped.
 */
import { flushCompileCache } from 'node:module'
import { commitOf, sampleEntry, sampleHit } from '../../../testing/store/samples.ts'
import { openSqliteStore } from '../index.ts'

/** Hits in each commit: as many without a window as with one. */
export const hitsEach = 10

export const commitNumber = (n: number) =>
  commitOf({
    hits: Array.from({ length: hitsEach }, (_, i) => {
      const number = n * hitsEach + i
      return sampleHit({ n: number, ...(i % 2 && { rule: 'merged', key: `k${n % 7}`, window: { count: 1 } }) })
    }),
    quarantine: [sampleEntry(n)],
    counts: [{ metric: 'hits', labels: { rule: 'rule' }, n: hitsEach }],
    state: [{ key: 'n', value: String(n) }],
  })

/** Tells `onCommit` of every fifth. */
export async function commitUntil(path: string, last: number, onCommit: (n: number) => void): Promise<void> {
  const store = openSqliteStore(path, { engine: true })
  for (let n = Number((await store.get('n')) ?? 0) + 1; n <= last; n++) {
    const commit = commitNumber(n)
    const { now } = commit
    await store.commit(commit)
    const claims = await store.claim({ output: 'file:alerts', now, limit: 3, leaseMs: 1000 })
    await store.settle(
      claims.map(({ alert, output }) => ({ alert: alert.id, output, state: 'sent' })),
      now,
    )
    if (n % 5 === 0) onCommit(n)
  }
  await store.close()
}

if (process.argv[1] === import.meta.filename) {
  // It is killed before it could keep its compiled code for the next one.
  flushCompileCache()
  const [path = '', last = 'Infinity'] = process.argv.slice(2)
  await commitUntil(path, Number(last), (n) => process.stdout.write(`${n}\n`))
}
