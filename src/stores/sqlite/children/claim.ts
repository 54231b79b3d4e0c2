/** Claims and settles until nothing is left, and prints the id of each alert: `node claim.ts <state file> <now>`. */
import { openSqliteStore } from '../index.ts'

const [path = '', now = '0'] = process.argv.slice(2)
const store = openSqliteStore(path)
for (;;) {
  const claims = await store.claim({ output: 'file:alerts', now: Number(now), limit: 5, leaseMs: 60_000 })
  if (claims.length === 0) break
  process.stdout.write(claims.map(({ alert }) => `${alert.id}\n`).join(''))
  await store.settle(
    claims.map(({ alert, output }) => ({ alert: alert.id, output, state: 'sent' })),
    Number(now),
  )
}
await store.close()
