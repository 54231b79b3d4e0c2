/**
 * The alerts in the order in which they were stored: numbered lines, several to an item. A writer appends where the last item
 * ends, and only where nothing is, so there are no gaps, and nothing ever appears before what was read. After a crash an alert may
 * have two lines; whoever reads takes it once.
 */
import type { Alert, AlertQuery } from '../../core/contracts/index.ts'
import { expires, type Db } from './db.ts'
import { log, logHead, logKey } from './layout.ts'
import { listOf, type Item } from './table.ts'

/** What can be asked of an alert without reading it. */
export interface Line {
  readonly id: string
  readonly rule: string
  readonly severity: Alert['severity']
  readonly cluster: string
  readonly staged: boolean
  readonly updates?: string
  /** When it was stored, epoch milliseconds. */
  readonly at: number
  /** Its number, from 1 on. */
  readonly number: number
}

/** Lines in one item at most. */
const mostLines = 500

/** Appends alerts. */
export async function append(db: Db, alerts: readonly Alert[], now: number): Promise<void> {
  for (let at = 0; at < alerts.length; at += mostLines) await appendSome(db, alerts.slice(at, at + mostLines), now)
}

async function appendSome(db: Db, alerts: readonly Alert[], now: number): Promise<void> {
  const lines = alerts.map(({ id, rule, severity, cluster, staged, updates }) => {
    return { id, rule, severity, cluster, staged, ...(updates !== undefined && { updates }) }
  })
  const rest = { at: now, count: lines.length, lines: JSON.stringify(lines), ...expires(now, db.kept.alertsMs) }
  for (;;) {
    const first = (await lastNumber(db)) + 1
    if (!(await db.table.add({ ...logKey(first), ...rest }))) continue
    // For when all items have had their time: numbers never begin anew.
    await db.table.update(logHead, { set: { last: first + lines.length - 1 } })
    return
  }
}

/** The number of the newest alert; 0: there was none. */
export async function lastNumber(db: Db): Promise<number> {
  const [newest] = await listOf(
    db.table.query({ pk: log, prefix: 'log#', descending: true, limit: 1, only: ['sk', 'count'] }),
  )
  if (newest) return firstOf(newest) + Number(newest['count']) - 1
  return Number((await db.table.get(logHead))?.['last'] ?? 0)
}

const firstOf = (item: Item): number => Number(String(item['sk']).slice('log#'.length))

const linesOf = (item: Item): Line[] =>
  (JSON.parse(String(item['lines'])) as Omit<Line, 'at' | 'number'>[]).map((line, n) => {
    return { ...line, at: Number(item['at']), number: firstOf(item) + n }
  })

/** Lines after a number, oldest first. */
export async function* linesAfter(db: Db, after: number): AsyncGenerator<Line> {
  const from = logKey(Math.max(0, after - mostLines + 1)).sk
  for await (const item of db.table.query({ pk: log, from, to: 'log#~' })) {
    for (const line of linesOf(item)) if (line.number > after) yield line
  }
}

/** Lines that a query asks for, the newest first, each alert once. */
export async function* linesOfQuery(db: Db, query: Omit<AlertQuery, 'limit' | 'digested'>): AsyncGenerator<Line> {
  const seen = new Set<string>()
  for await (const item of db.table.query({ pk: log, prefix: 'log#', descending: true })) {
    // Clocks of functions differ by seconds at most: what is much older ends the search.
    if (query.since !== undefined && Number(item['at']) < query.since - 3_600_000) return
    for (const line of linesOf(item).toReversed()) {
      if (seen.has(line.id) || !isAskedFor(query, line)) continue
      seen.add(line.id)
      yield line
    }
  }
}

const isAskedFor = (query: Omit<AlertQuery, 'limit'>, line: Line): boolean =>
  (query.rule === undefined || line.rule === query.rule) &&
  (query.cluster === undefined || line.cluster === query.cluster) &&
  (query.severity === undefined || line.severity === query.severity) &&
  (query.since === undefined || line.at >= query.since) &&
  (query.staged === undefined || line.staged === query.staged)
