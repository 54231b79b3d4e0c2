/** All hits that a window's alert stands for: those of the window, and those before it that helped to complete it. */
import type { LogRecord, MergeSummary } from '../../core/contracts/index.ts'
import { type Completion, completion, type Evidence, type Seen } from '../../core/merge/index.ts'
import { sampleSize, summarise } from '../../core/merge/summary.ts'
import type { Database } from './database.ts'
import type { WindowRow } from './hits.ts'

export interface Reach {
  readonly window: WindowRow
  /** A threshold's window before, and what completes the count; a merge opens with any hit. */
  readonly threshold?: { readonly previous: WindowRow | undefined; readonly completed: Completion }
}

export const isThreshold = (window: WindowRow): boolean =>
  window.needs > 1 || window.by_value === 1 || window.by_order === 1

/** The reach as of all hits that are stored; undefined when they do not open the window. */
export function reachOf(db: Database, window: WindowRow): Reach | undefined {
  if (!isThreshold(window)) return { window }
  const previous = db.get<WindowRow>('SELECT * FROM windows WHERE id = ?', [window.previous])
  if (window.hits + (previous?.hits ?? 0) < window.needs) return undefined
  const policy = { count: window.needs, lengthMs: window.length }
  const completed = completion(policy, evidenceOf(db, window, previous))
  return completed && { window, threshold: { previous, completed } }
}

function evidenceOf(db: Database, window: WindowRow, previous: WindowRow | undefined): Evidence {
  const current = window.by_value
    ? db.all<Seen>('SELECT value, first AS time FROM marks WHERE window = ? ORDER BY first LIMIT ?', [
        window.seq,
        window.needs,
      ])
    : db.all<Seen>('SELECT id AS value, time FROM hits WHERE window = ? AND completes = ? ORDER BY time LIMIT ?', [
        window.seq,
        counting(window),
        window.needs,
      ])
  return {
    previous: previous ? latest(db, previous) : [],
    current,
    ...(window.by_order && { completing: completing(db, window, current) }),
  }
}

/** Where order matters, it is the hits that do not complete that count. */
const counting = (window: WindowRow) => (window.by_order ? 0 : 1)

const latest = (db: Database, window: WindowRow): Seen[] =>
  window.by_value
    ? db.all('SELECT value, last AS time FROM marks WHERE window = ? ORDER BY last DESC LIMIT ?', [
        window.seq,
        window.needs,
      ])
    : db.all('SELECT id AS value, time FROM hits WHERE window = ? AND completes = ? ORDER BY time DESC LIMIT ?', [
        window.seq,
        counting(window),
        window.needs,
      ])

/** Times of completing hits that matter; see `Evidence.completing`. */
function completing(db: Database, window: WindowRow, current: readonly Seen[]): number[] {
  const times = new Set<number>()
  for (const from of [window.start, ...current.map((seen) => seen.time)]) {
    const { time } = db.get<{ time: number | null }>(
      'SELECT min(time) AS time FROM hits WHERE window = ? AND completes = 1 AND time >= ?',
      [window.seq, from],
    )!
    if (time === null) break
    times.add(time)
  }
  return [...times]
}

/** How many hits the opening alert stands for: those up to and with the one that completes it. */
export function countAtOpening(db: Database, reach: Reach): number {
  if (!reach.threshold) return 1
  const { time, needed } = reach.threshold.completed
  const { n } = db.get<{ n: number }>(
    `SELECT (SELECT count(*) FROM hits WHERE window = ?1 AND completes = 1 AND time < ?2)
          + (SELECT count(*) FROM hits WHERE window = ?1 AND completes = 0 AND time <= ?2) AS n`,
    [reach.window.seq, time],
  )!
  return n + countBefore(db, reach) + needed
}

/** How many hits it stands for in all. */
export const countAll = (db: Database, reach: Reach): number => reach.window.hits + countBefore(db, reach)

function countBefore(db: Database, { window, threshold }: Reach): number {
  if (!threshold?.previous) return 0
  return db.get<{ n: number }>('SELECT count(*) AS n FROM hits WHERE window = ? AND completes IN (0, 1) AND time > ?', [
    threshold.previous.seq,
    threshold.completed.time - window.length,
  ])!.n
}

/** The summary of the hits from number `from` up to and without `to`, in order of event time. Thresholds begin at 0. */
export function summaryOf(
  db: Database,
  { window, threshold }: Reach,
  { from, to }: { readonly from: number; readonly to: number },
): MergeSummary {
  const { previous, completed } = threshold ?? {}
  const count = to - from
  const size = Math.min(count, sampleSize)
  const before = previous && completed ? earliest(db, previous, completed.time - window.length, size) : []
  const sample = [...before, ...earliest(db, window, -Infinity, size - before.length, from)]
  const records = sample.flatMap(({ record }) => (record === null ? [] : [JSON.parse(record) as LogRecord]))
  const last =
    count <= size ? sample.at(-1)?.time : window.most === null ? latestTime(db, window) : timeAt(db, window, to)
  return summarise({
    by: JSON.parse(window.keys) as Record<string, unknown>,
    count,
    first: sample[0]?.time ?? window.start,
    last: last ?? window.start,
    records,
  })
}

const earliest = (db: Database, window: WindowRow, after: number, limit: number, offset = 0) =>
  db.all<{ time: number; record: string | null }>(
    `SELECT h.time, r.body AS record FROM
       (SELECT time, completes, id, record FROM hits WHERE window = ? AND completes IN (0, 1) AND time > ?
        ORDER BY time, completes, id LIMIT ? OFFSET ?) h
     LEFT JOIN records r ON r.seq = h.record ORDER BY h.time, h.completes, h.id`,
    [window.seq, after, limit, offset],
  )

/** When the last of the first `count` hits was. */
const timeAt = (db: Database, window: WindowRow, count: number): number | undefined =>
  db.get<{ time: number }>('SELECT time FROM hits WHERE window = ? AND completes = 1 ORDER BY time LIMIT 1 OFFSET ?', [
    window.seq,
    count - 1,
  ])?.time

const latestTime = (db: Database, window: WindowRow): number =>
  db.get<{ time: number }>(
    `SELECT max(ifnull((SELECT max(time) FROM hits WHERE window = ?1 AND completes = 0), ?2),
                ifnull((SELECT max(time) FROM hits WHERE window = ?1 AND completes = 1), ?2)) AS time`,
    [window.seq, window.start],
  )!.time
