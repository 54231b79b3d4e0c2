import { expect, test } from 'vitest'
import type { Metric } from '../contracts/index.ts'
import type { SourcesReport } from '../health/index.ts'
import { sourcesOf } from './sources.ts'

const at = Date.UTC(2026, 2, 1, 12)
const count = (source: string, metric: Metric, n: number, last = at) => ({ metric, labels: { source }, n, at: last })
const counts = [
  count('http:agents', 'records', 1_200, at - 1_000),
  count('http:agents', 'quarantined', 3),
  count('http:agents', 'refused', 4, at + 5_000),
  count('http:agents', 'repeated', 5),
  count('http:agents', 'dropped', 6),
  count('file:gone', 'records', 1),
  { metric: 'hits', labels: { rule: 'a' }, n: 1, at } as const,
]
const report: SourcesReport = {
  at,
  sources: {
    'http:agents': {
      ...{ state: 'reading', since: at - 9, rate: 20.5, lastRecord: at, lastEvent: at - 2_000, errors: 0 },
      lag: { bytes: 2_048 },
    },
    'relp:net': {
      ...{ state: 'retrying', since: at - 60_000, rate: 0, errors: 7, lag: {} },
      error: { code: 'SOURCE_FAILED', message: 'The port is taken.', at: at - 1_000 },
    },
  },
}
const health = { at, failing: [], blind: [], silent: [{ source: 'relp:net', lastSeen: null }] }

test('each source: how it is read, how fast, how far behind, and what it did not take', () => {
  const [gone, http, relp] = sourcesOf(counts, report, health, { now: at + 6_000 })
  expect(http).toMatchObject({
    ...{ source: 'http:agents', state: 'reading', silent: false, rate: 20.5, delayMs: 2_000, lag: { bytes: 2_048 } },
    ...{ lastRecord: new Date(at).toISOString(), lastEvent: new Date(at - 2_000).toISOString() },
    ...{ records: 1_200, quarantined: 3, refused: 4, repeated: 5, dropped: 6, errors: 0 },
  })
  expect(relp).toMatchObject({
    ...{ state: 'retrying', since: new Date(at - 60_000).toISOString(), silent: true, errors: 7 },
    error: { code: 'SOURCE_FAILED', message: 'The port is taken.', at: new Date(at - 1_000).toISOString() },
  })
  expect(gone).toMatchObject({ source: 'file:gone', state: 'stopped', records: 1, rate: 0 })
})

test('an engine that writes no more is not running', () => {
  const lines = sourcesOf(counts, report, health, { now: at + 60_000 })
  expect(lines.map(({ state, rate }) => [state, rate])).toEqual(Array.from({ length: 3 }, () => ['stopped', 0]))
})
