import { expect, test } from 'vitest'
import type { SourceLine } from '../../core/status/index.ts'
import { table } from '../table.ts'
import { sourceTable } from './status-sources.ts'

const none = { rate: 0, lag: {}, records: 0, quarantined: 0, refused: 0, repeated: 0, dropped: 0, errors: 0 }
const at = '2026-03-01T11:59:00.000Z'
const http: SourceLine = {
  ...{ ...none, source: 'http:agents', state: 'reading', silent: false, rate: 20.5, delayMs: 2_000, quarantined: 3 },
  lag: { bytes: 2_048 },
}
const relp: SourceLine = {
  ...{ ...none, source: 'relp:net', state: 'retrying', since: at, silent: true, errors: 7 },
  error: { code: 'SOURCE_FAILED', message: 'The port is taken.', at },
}

test('people see a table without columns that say nothing', () => {
  expect(table(...sourceTable([http, relp]))).toMatch(
    /source +state +records\/s +delay +waiting .*\nhttp:agents +reading +21 +2\.0 s +2\.0 KB .*\nrelp:net +retrying since 2026-03-01T11:59:00\.000Z, silent .* 7 .*SOURCE_FAILED The port is taken\./,
  )
  expect(table(...sourceTable([http]))).not.toContain('error')
})
