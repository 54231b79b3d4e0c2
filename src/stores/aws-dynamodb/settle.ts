import type { Settlement } from '../../core/contracts/index.ts'
import type { Db } from './db.ts'
import { findDelivery } from './deliveries.ts'
import { releaseNext } from './enqueue.ts'
import type { Change } from './expressions.ts'
import { deadLane, dueAt, laneKey, laneOf, timeOfDue } from './layout.ts'
import { type Item, keyOf, sideBySide } from './table.ts'

/** See `AlertStore.settle`. Those of one delivery go one after the other. */
export async function settle(db: Db, settlements: readonly Settlement[], now: number): Promise<void> {
  const byDelivery = Map.groupBy(settlements, ({ alert, output }) => `${alert} ${output}`)
  await sideBySide([...byDelivery.values()], async (group) => {
    for (const one of group) await settleOne(db, one, now)
  })
}

async function settleOne(db: Db, settlement: Settlement, now: number): Promise<void> {
  for (;;) {
    const item = await findDelivery(db, settlement.alert, settlement.output)
    const change = item && changeOf(item, settlement, now)
    if (!item || !change) return
    const { output, rule, root, revision } = item
    if (change.set?.['lane'] !== undefined && settlement.state === 'pending') {
      const touched = { set: { touched: now, output: output!, rule: rule! }, initially: { served: 0 } }
      await db.table.update(laneKey(String(output), String(rule)), touched)
    }
    if (!(await db.table.update(keyOf(item), change, { revision: revision! }))) continue
    // A crash here leaves an update waiting; claims look from time to time whether it still has to.
    if (settlement.state !== 'pending') await releaseNext(db, String(root), String(output), now)
    return
  }
}

/** What becomes of a delivery; undefined: nothing. */
function changeOf(item: Item, { state, lease, retryAt, error, receipt }: Settlement, now: number): Change | undefined {
  const before = item['state']
  if (before === 'sent' || before === 'digested') return undefined
  const isHeld = before === 'pending' && timeOfDue(item['due']) === lease
  if (state !== 'sent' && lease !== undefined && !isHeld) return undefined
  const isBack = state === 'pending' && error === undefined
  if (!isBack && state === 'pending' && before === 'dead') return undefined
  const place =
    state === 'pending'
      ? { lane: laneOf(String(item['output']), String(item['rule'])), due: dueAt(retryAt ?? now) }
      : state === 'dead' && { lane: deadLane, due: dueAt(now) }
  const anew = isBack && before === 'dead' && { attempts: 0, stored: now }
  const told = !isBack && {
    settled: now,
    ...(error !== undefined && { error }),
    ...(receipt !== undefined && { receipt }),
  }
  const gone = [
    ...(state === 'sent' && item['lane'] !== undefined ? ['lane', 'due'] : []),
    ...(!isBack && error === undefined && item['error'] !== undefined ? ['error'] : []),
  ]
  return {
    set: { state, ...place, ...anew, ...told },
    add: { revision: 1, ...(!isBack && { attempts: 1 }) },
    ...(gone.length > 0 && { remove: gone }),
  }
}
