import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { quickstartLogs } from '../scripts/quickstart-data.ts'

const root = join(import.meta.dirname, '..')
const example = join(root, 'examples/quickstart')
const project = mkdtempSync(join(tmpdir(), 'streamalert-scenario-'))
cpSync(example, project, { recursive: true })
afterAll(() => rmSync(project, { recursive: true, force: true }))

/** Runs a command on a copy of the example, as a user does. Answers its stdout; throws when it fails. */
function streamalert(...args: readonly string[]): string {
  return execFileSync(process.execPath, [join(root, 'bin/streamalert.js'), ...args, '--project', project], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64e6,
  })
}

interface Shown {
  readonly id: string
  readonly rule: string
  readonly updates?: string
}

const jsonLines = (text: string): Shown[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Shown)

/** Rule → how many alerts, and how many updates of merged ones. */
function countByRule(alerts: readonly Shown[]): Record<string, { alerts: number; updates: number }> {
  const rules = Object.entries(Object.groupBy(alerts, ({ rule }) => rule))
  return Object.fromEntries(
    rules.map(([rule, own = []]) => {
      const updates = own.filter((alert) => alert.updates !== undefined).length
      return [rule, { alerts: own.length - updates, updates }]
    }),
  )
}

/** Records in the generated files, broken ones included. */
const recordsInLogs = () =>
  quickstartLogs().reduce((sum, { path, text }) => {
    if (path.endsWith('.gz')) return sum + (JSON.parse(text) as { Records: unknown[] }).Records.length
    const header = path.endsWith('.csv') ? 1 : 0
    return sum + text.trimEnd().split('\n').length - header
  }, 0)

describe('the quickstart', () => {
  test('its logs are what the generator writes', () => {
    const different = quickstartLogs().filter(({ path, text }) => {
      const bytes = readFileSync(join(example, 'logs', path))
      return (path.endsWith('.gz') ? gunzipSync(bytes).toString() : bytes.toString()) !== text
    })
    expect(different.map(({ path }) => path)).toEqual([])
  })

  test('one run raises the alerts that were woven in, and says them on stdout and in the file', () => {
    const alerts = jsonLines(streamalert('run', '--once', '--json'))
    expect(countByRule(alerts)).toEqual(JSON.parse(readFileSync(join(example, 'expected/alerts.json'), 'utf8')))
    const written = jsonLines(readFileSync(join(project, 'alerts.jsonl'), 'utf8'))
    expect(written.map(({ id }) => id).toSorted()).toEqual(alerts.map(({ id }) => id).toSorted())
  })

  test('a second run reads nothing new and alerts nothing', () => {
    expect(streamalert('run', '--once', '--json')).toBe('')
  })

  test('every record is classified or in quarantine', () => {
    const status = JSON.parse(streamalert('status', '--json')) as StatusJson
    const sum = (counts: readonly { count: number }[]) => counts.reduce((total, { count }) => total + count, 0)
    expect(sum(status.records) + sum(status.quarantined)).toBe(recordsInLogs())
    expect(sum(status.quarantined)).toBe(4)
  })
})

interface StatusJson {
  readonly records: readonly { count: number }[]
  readonly quarantined: readonly { count: number }[]
}
