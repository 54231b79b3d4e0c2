/**
 * The example holds what it promises: its logs are what the generator writes, the project validates, its rule tests pass,
 * and one run raises exactly the alerts of examples/quickstart/expected/alerts.json, with nothing lost.
 */
import { deepStrictEqual, strictEqual } from 'node:assert'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { quickstartLogs } from './quickstart-data.ts'

const root = join(import.meta.dirname, '..')
const example = join(root, 'examples/quickstart')

const scratch = mkdtempSync(join(tmpdir(), 'streamalert-example-'))
try {
  checkData()
  cpSync(example, scratch, { recursive: true })
  streamalert('validate')
  streamalert('test')
  checkRun()
  process.stdout.write('The example is as it should be.\n')
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

function checkData(): void {
  for (const { path, text } of quickstartLogs()) {
    const bytes = readFileSync(join(example, 'logs', path))
    strictEqual(
      path.endsWith('.gz') ? gunzipSync(bytes).toString() : bytes.toString(),
      text,
      `${path} was not generated`,
    )
  }
}

function checkRun(): void {
  const counts = countByRule(streamalert('run', '--once', '--json'))
  deepStrictEqual(counts, JSON.parse(readFileSync(join(example, 'expected/alerts.json'), 'utf8')))
  deepStrictEqual(countByRule(streamalert('run', '--once', '--json')), {}, 'a second run must raise nothing')
}

interface Counts {
  alerts: number
  updates: number
}

/** Rule → how many alerts, and how many updates of merged ones. */
function countByRule(lines: string): Record<string, Counts> {
  const counts: Record<string, Counts> = {}
  for (const line of lines.split('\n').filter(Boolean)) {
    const alert = JSON.parse(line) as { rule: string; updates?: string }
    const own = (counts[alert.rule] ??= { alerts: 0, updates: 0 })
    own[alert.updates === undefined ? 'alerts' : 'updates']++
  }
  return Object.fromEntries(Object.entries(counts).toSorted(([a], [b]) => a.localeCompare(b, 'en')))
}

/** Runs a command on the scratch copy; answers its stdout, throws when it fails. */
function streamalert(...args: readonly string[]): string {
  return execFileSync(process.execPath, [join(root, 'bin/streamalert.js'), ...args, '--project', scratch], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 64e6,
  })
}
