import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { FrameResult, LogRecord } from '../../core/contracts/index.ts'
import { healthKey } from '../../core/health/index.ts'
import { openSqliteStore } from '../../stores/index.ts'
import { projectFolder } from '../../testing/project-folder.ts'
import { type Cli, type ExitCode, createCli } from '../cli.ts'
import { listAlerts, showAlert } from './alerts.ts'
import { listDead, showDead } from './alerts-dead.ts'
import { listQuarantine, showQuarantine } from './quarantine.ts'
import { status } from './status.ts'

const limit = 50

/** Runs a command in this process; answers what it printed on stdout. */
async function printed(project: string, json: boolean, command: (cli: Cli) => Promise<ExitCode>): Promise<string> {
  let stdout = ''
  const streams = { stdout: { write: (text: string) => (stdout += text) }, stderr: { write: () => {} } }
  expect(await command(createCli({ project, json }, streams))).toBe(0)
  return stdout
}

const record: LogRecord = {
  id: 'r1',
  schema: 'cloudtrail:events',
  source: 'file:a',
  cluster: 'prod',
  position: 'a.log#0',
  receivedAt: 1,
  time: Date.UTC(2026, 2, 2),
  data: { eventName: 'A', note: '\u001b[31m' },
}
const result: FrameResult = {
  hits: [
    {
      id: 'abcdef0123456789',
      rule: 'a-rule',
      mode: 'live',
      severity: 'high',
      title: 'It happened',
      description: 'Why it matters.',
      context: {},
      outputs: ['file:alerts'],
      record,
    },
  ],
  quarantine: [
    {
      id: 'fedcba9876543210',
      kind: 'record',
      reason: 'RECORD_NO_SCHEMA',
      message: 'No schema takes it.',
      source: 'file:a',
      cluster: 'prod',
      position: 'a.log#9',
      receivedAt: 1,
      raw: Buffer.from('{"x":1}'),
      nearest: { schema: 'cloudtrail:events', field: 'eventTime', message: 'is missing' },
    },
  ],
  counts: [
    { metric: 'records', labels: { source: 'file:a', cluster: 'prod', schema: 'cloudtrail:events' }, n: 1200 },
    { metric: 'rule_errors', labels: { rule: 'a-rule', code: 'RULE_THREW' }, n: 3 },
  ],
  bytes: 10,
  records: 2,
}

/** A project whose state holds one alert that could not be delivered, one quarantined record, and counts. */
async function projectWithHistory(): Promise<string> {
  const dir = projectFolder({ 'streamalert.yaml': 'clusters: { prod: {} }', '.streamalert/.gitignore': '*' })
  const store = openSqliteStore(join(dir, '.streamalert/state.db'))
  await store.commit({ results: [result], state: [], now: Date.UTC(2026, 2, 2) })
  await store.settle([{ alert: 'abcdef0123456789', output: 'file:alerts', state: 'dead', error: 'disk full' }], 2)
  await store.close()
  return dir
}

test('before the first run there is nothing, which is no error', async () => {
  const dir = projectFolder({ 'streamalert.yaml': '' })
  expect(await printed(dir, false, (cli) => listAlerts(cli, { limit }))).toBe('No alerts.\n')
  expect(await printed(dir, false, (cli) => listQuarantine(cli, { limit }))).toBe('Nothing is in quarantine.\n')
  expect(await printed(dir, false, status)).toContain('Nothing was read yet.')
})

test('alerts: the newest in a table, or whole; for machines in the form of the file output', async () => {
  const dir = await projectWithHistory()
  const alert = { id: 'abcdef0123456789', rule: 'a-rule', severity: 'high', staged: false, record: { id: 'r1' } }
  expect(JSON.parse(await printed(dir, true, (cli) => listAlerts(cli, { limit })))).toMatchObject(alert)
  expect(await printed(dir, false, (cli) => listAlerts(cli, { limit }))).toMatch(
    /abcdef012345 .* high .* It happened .* dead: file:alerts/,
  )
  expect(await printed(dir, false, (cli) => listAlerts(cli, { limit, rule: 'other' }))).toBe('No alerts.\n')
  expect(await printed(dir, false, (cli) => listAlerts(cli, { limit, since: 60_000 }))).toBe('No alerts.\n')

  const shown = await printed(dir, false, (cli) => showAlert(cli, 'abcd'))
  expect(shown).toMatch(/^It happened\nWhy it matters/)
  expect(shown).toMatch(/file:alerts\s+dead\s+1\s+disk full/)
  expect(shown).not.toContain('\u001b')
  await expect(printed(dir, false, (cli) => showAlert(cli, 'ffff'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('alerts that were given up: why, and after how many tries', async () => {
  const dir = await projectWithHistory()
  expect(await printed(dir, false, (cli) => listDead(cli, { limit }))).toMatch(
    /abcdef012345\s+file:alerts\s+a-rule\s+1 .* disk full\n/,
  )
  const dead = { id: 'abcdef0123456789', rule: 'a-rule', output: 'file:alerts', attempts: 1, error: 'disk full' }
  expect(JSON.parse(await printed(dir, true, (cli) => listDead(cli, { limit, rule: 'a-rule' })))).toMatchObject(dead)
  expect(await printed(dir, false, (cli) => listDead(cli, { limit, output: 'slack:a' }))).toBe(
    'No alert was given up.\n',
  )
  expect(await printed(dir, false, (cli) => showDead(cli, 'abcd'))).toMatch(/error {5}disk full\ntries {5}1\n/)
  expect(JSON.parse(await printed(dir, true, (cli) => showDead(cli, 'abcd')))).toMatchObject(dead)
  await expect(printed(dir, false, (cli) => showDead(cli, 'ffff'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('alerts that a digest stands for', async () => {
  const dir = projectFolder({ 'streamalert.yaml': '', '.streamalert/.gitignore': '*' })
  const store = openSqliteStore(join(dir, '.streamalert/state.db'))
  const rates = new Map([['file:alerts', { windowMs: 60_000, perRule: 1, perOutput: 1 }]])
  const hits = [1, 2, 3].map((n) => ({ ...result.hits[0]!, id: `${n}bcdef0123456789` }))
  await store.commit({ results: [{ ...result, hits }], state: [], now: Date.UTC(2026, 2, 2), rates })
  const { alerts } = await store.raiseDigests({ now: Date.UTC(2026, 2, 3), all: false })
  await store.close()
  const digest = alerts[0]!.id
  const listed = await printed(dir, false, (cli) => listAlerts(cli, { limit, digest: digest.slice(0, 8) }))
  expect(listed).toMatch(/3bcdef012345 .* digested: file:alerts\n2bcdef012345 .* digested: file:alerts\n$/)
  const wrong = printed(dir, false, (cli) => listAlerts(cli, { limit, digest: '3bcd' }))
  await expect(wrong).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('quarantine: groups by reason, entries, or one whole', async () => {
  const dir = await projectWithHistory()
  expect(await printed(dir, false, (cli) => listQuarantine(cli, { limit }))).toMatch(
    /1\s+RECORD_NO_SCHEMA\s+cloudtrail:events\s+fedcba987654/,
  )
  const entry = { id: 'fedcba9876543210', text: '{"x":1}', reason: 'RECORD_NO_SCHEMA', nearest: { field: 'eventTime' } }
  expect(JSON.parse(await printed(dir, true, (cli) => listQuarantine(cli, { limit })))).toMatchObject(entry)
  expect(JSON.parse(await printed(dir, true, (cli) => showQuarantine(cli, 'fedc')))).toMatchObject(entry)
  expect(await printed(dir, false, (cli) => showQuarantine(cli, 'fedc'))).toMatch(
    /nearest\s+cloudtrail:events, field eventTime/,
  )
  expect(await printed(dir, false, (cli) => listQuarantine(cli, { limit, reason: 'OTHER' }))).toMatch(/^Nothing/)
  await expect(printed(dir, false, (cli) => showQuarantine(cli, 'ffff'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('status: what was read, alerted, not delivered, not understood, and which rules failed', async () => {
  const dir = await projectWithHistory()
  const text = await printed(dir, false, status)
  expect(text).toMatch(/file:a\s+cloudtrail:events\s+1,200/)
  expect(text).toMatch(/a-rule\s+high\s+1/)
  expect(text).toMatch(/output\s+sent\s+waiting\s+dead.*\n\s+file:alerts\s+0\s+0\s+1\s+0\s+disk full/)
  expect(text).toMatch(/RECORD_NO_SCHEMA\s+cloudtrail:events\s+1/)
  expect(text).toMatch(/a-rule\s+RULE_THREW\s+3/)
  expect(JSON.parse(await printed(dir, true, status))).toMatchObject({
    records: [{ source: 'file:a', schema: 'cloudtrail:events', count: 1200 }],
    alerts: [{ rule: 'a-rule', severity: 'high', staged: false, count: 1 }],
    deliveries: [{ output: 'file:alerts', state: 'dead', count: 1, error: 'disk full' }],
    ruleErrors: [{ rule: 'a-rule', code: 'RULE_THREW', count: 3 }],
  })
})

test('status: rules that fail on many records, and rules that see none, as the engine found last', async () => {
  const dir = await projectWithHistory()
  const report = {
    at: 2,
    failing: [{ rule: 'a-rule', failed: 30, asked: 1200, error: 'RULE_THREW' }],
    blind: [{ schemas: ['sshd'], clusters: [], rules: ['b-rule', 'c-rule'], lastSeen: Date.UTC(2026, 2, 1) }],
  }
  const store = openSqliteStore(join(dir, '.streamalert/state.db'))
  await store.set(healthKey, JSON.stringify(report))
  await store.close()
  const text = await printed(dir, false, status)
  expect(text).toMatch(/Failing rules\n.*\n\s+a-rule\s+30\s+1,200\s+RULE_THREW/)
  expect(text).toMatch(/Blind rules\n.*\n\s+b-rule, c-rule\s+sshd\s+any cluster\s+2026-03-01T00:00:00\.000Z/)
  expect(JSON.parse(await printed(dir, true, status))).toMatchObject({ failing: report.failing, blind: report.blind })
})
