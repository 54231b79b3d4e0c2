import type { Claim } from '../../core/contracts/index.ts'
import { unpackedAlert } from './bodies.ts'
import type { Db } from './db.ts'
import { dropIdle, type Lane, readLanes } from './deliveries.ts'
import { patienceMs, readChain } from './enqueue.ts'
import { alertKey, dueAt, dueBy, laneKey, laneOf, timeOfDue } from './layout.ts'
import { listOf, type Item, keyOf, sideBySide, textOf } from './table.ts'

export interface Wish {
  readonly output: string
  readonly now: number
  readonly limit: number
  readonly leaseMs: number
}

/** See `AlertStore.claim`. A delivery is ours when its item takes our lease while its revision is the one that was read. */
export async function claim(db: Db, wish: Wish): Promise<readonly Claim[]> {
  const { output, now, limit } = wish
  if (limit <= 0) return []
  const all = (await readLanes(db, output)).toSorted((one, other) => one.served - other.served)
  const queues = await sideBySide(all, (lane) => candidates(db, lane, wish))
  const taken: { readonly item: Item; readonly lane: Lane }[] = []
  let turn = Math.max(0, ...all.map(({ served }) => served))
  const turns = new Map<Lane, number>()
  // A round takes the next of each rule. What another dispatcher took first is made up for in later rounds.
  while (taken.length < limit && queues.some((queue) => queue.length > 0)) {
    const round: { item: Item; lane: Lane }[] = []
    for (let more = true; more && taken.length + round.length < limit; ) {
      more = false
      for (const [n, queue] of queues.entries()) {
        const item = taken.length + round.length < limit ? queue.shift() : undefined
        if (!item) continue
        round.push({ item, lane: all[n]! })
        more = true
      }
    }
    const leased = await sideBySide(round, ({ item }) => lease(db, item, wish))
    for (const [n, item] of leased.entries()) {
      if (!item) continue
      taken.push({ item, lane: round[n]!.lane })
      turns.set(round[n]!.lane, ++turn)
    }
  }
  await sideBySide([...turns], ([{ rule }, served]) => db.table.update(laneKey(output, rule), { set: { served } }))
  return claimsOf(
    db,
    taken.map(({ item }) => item),
    now,
  )
}

/** Due deliveries of a rule, the oldest first: more than are asked for, since others may take some of them. */
async function candidates(db: Db, lane: Lane, { now, limit }: Wish): Promise<Item[]> {
  const range = { lane: laneOf(lane.output, lane.rule), to: dueBy(now), limit: limit * 4 }
  const found = await listOf(db.table.query(range))
  if (found.length === 0) await dropIdle(db, lane, now)
  return found
}

/** The item under our lease; undefined when it is not to be had. */
async function lease(db: Db, item: Item, { now, leaseMs }: Wish): Promise<Item | undefined> {
  const waits = item['waits'] === true && (await isHeldUp(db, item))
  const due = dueAt(now + (waits ? patienceMs : leaseMs))
  const change = { set: { due, ...(!waits && { waits: false }) }, add: { revision: 1 } }
  const leased = await db.table.update(keyOf(item), change, { revision: item['revision']!, state: 'pending' })
  return waits ? undefined : leased
}

/** True while something of the same chain that comes before it is still to be sent. */
async function isHeldUp(db: Db, item: Item): Promise<boolean> {
  const chain = await readChain(db, String(item['root']), String(item['output']))
  const own = chain.findIndex((one) => one['sk'] === item['sk'])
  return chain.slice(0, own).some((one) => one['state'] === 'pending')
}

async function claimsOf(db: Db, items: readonly Item[], now: number): Promise<readonly Claim[]> {
  const keyFor = (item: Item) => alertKey(String(item['alert']))
  const alerts = await db.table.getAll(items.map(keyFor))
  const claims = await sideBySide(items, async (item): Promise<Claim[]> => {
    const kept = alerts.get(textOf(keyFor(item)))
    if (!kept) return []
    const { output, root, alert, attempts, stored = now } = item
    const chain = root === alert ? [] : await readChain(db, String(root), String(output))
    const receipt = chain.find((one) => one['receipt'] !== undefined)?.['receipt']
    return [
      {
        ...{ alert: await unpackedAlert(db, kept), output: String(output), attempts: Number(attempts) },
        ...{ lease: timeOfDue(item['due']), storedAt: Number(stored) },
        ...(receipt !== undefined && { earlier: String(receipt) }),
      },
    ]
  })
  return claims.flat()
}
