import { spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, it } from 'vitest'
import { openSqliteStore } from '../../stores/sqlite/index.ts'
import { projectFolder } from '../../testing/project-folder.ts'

const folders: string[] = []
afterAll(() => folders.forEach((dir) => rmSync(dir, { recursive: true, force: true })))

const kills = 20
const perFile = 300

const config = `
sources: { file: { app: { paths: ['logs/*'], schemas: ['app:events'] } } }
outputs: { file: { alerts: { path: alerts.jsonl } } }
defaults: { outputs: ['file:alerts'] }
terminal: false
workers: { count: 1 }
`
const schema = `
import { defineSchema } from 'streamalert'
import { json } from 'streamalert/parsers'
export const app = defineSchema({
  name: 'app:events', description: 'Events.', parse: json(), time: 'at',
  fields: { at: 'timestamp', n: 'integer', user: 'string', file: 'integer' },
})
`
const rules = `
import { defineRule } from 'streamalert'
import { app } from '../schemas/app.ts'
const rule = (name, rest) => defineRule({ name, description: name, severity: 'low', schemas: [app], ...rest })
export default [
  rule('each-fifth', { match: (record) => record.n % 5 === 0 }),
  rule('merged', { where: { n: { lessThan: 1000 } }, merge: { by: ['user'], window: '1m' } }),
  rule('burst', { match: (record) => record.n % 3 === 0, threshold: { count: 40, per: ['user'], window: '2m' } }),
]
`

/** Several files of several kinds, whose records of one user are spread over all of them. */
function logs(): Record<string, string | Uint8Array> {
  const text = (file: number) =>
    Array.from({ length: perFile }, (_, n) => {
      const at = new Date(Date.UTC(2026, 2, 1) + n * 400 + file).toISOString()
      return n % 300 === 299 ? 'broken {' : JSON.stringify({ at, n, user: `user-${n % 7}`, file })
    }).join('\n') + '\n'
  return {
    'logs/a.json': text(1),
    'logs/b.json.gz': gzipSync(text(2)),
    'logs/c.json': text(3),
    'logs/d.json.gz': gzipSync(text(4)),
  }
}

const bin = fileURLToPath(new URL('../../../bin/streamalert.js', import.meta.url))

/** Runs until the end, or kills the process after `killAfter` milliseconds. Answers its exit code, null when killed. */
function run(dir: string, killAfter?: number): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, 'run', '--once', '--project', dir], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let errors = ''
    child.stderr.on('data', (chunk) => void (errors += String(chunk)))
    const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter)
    child.on('error', reject)
    child.on('exit', (code) => {
      clearTimeout(timer)
      if (code === 0 || code === null) resolve(code)
      else reject(new Error(`exit code ${code}: ${errors}`))
    })
  })
}

/** Milliseconds. */
async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

/** Ids as the file output wrote them. A line that a kill tore off is no delivery. */
function delivered(dir: string): string[] {
  let text = ''
  try {
    text = readFileSync(join(dir, 'alerts.jsonl'), 'utf8')
  } catch {
    return []
  }
  return text.split('\n').flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line).id as string]
    } catch {
      return []
    }
  })
}

async function counts(dir: string) {
  const store = openSqliteStore(join(dir, '.streamalert', 'state.db'), { readOnly: true })
  const sum = (rows: readonly { readonly n: number }[]) => rows.reduce((total, { n }) => total + n, 0)
  const all = { records: sum(await store.counts('records')), quarantined: sum(await store.counts('quarantined')) }
  const kept = (await store.quarantine({ limit: 1_000 })).length
  await store.close()
  return { ...all, kept }
}

/** A small generator with a seed, so that a failure can be repeated. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}

it('killed at random moments, it ends with the alerts of an undisturbed run', async () => {
  const files = { 'streamalert.yaml': config, 'schemas/app.ts': schema, 'rules/app.ts': rules, ...logs() }
  const [calm, disturbed] = [projectFolder(files), projectFolder(files)]
  folders.push(calm, disturbed)
  await run(calm)
  // Once more, now that compiled code is kept: how long a run takes.
  rmSync(join(calm, '.streamalert'), { recursive: true })
  rmSync(join(calm, 'alerts.jsonl'))
  let whole = await timeOf(() => run(calm))

  const next = random(20_260_301)
  let killed = 0
  for (let tries = 0; killed < kills && tries < kills * 3; tries++) {
    let end: number | null = null
    const took = await timeOf(async () => (end = await run(disturbed, whole * (0.3 + 0.4 * next()))))
    if (end === null) killed++
    else if (killed < kills) {
      // A run that got to its end leaves nothing to disturb: the state is thrown away and it starts from nothing. And the machine has
      // become faster than it was.
      whole = took
      rmSync(join(disturbed, '.streamalert'), { recursive: true })
      rmSync(join(disturbed, 'alerts.jsonl'), { force: true })
    }
  }
  expect(killed).toBe(kills)
  await run(disturbed)

  const [expected, found] = [delivered(calm), delivered(disturbed)]
  expect(expected.length).toBeGreaterThan(250)
  expect(new Set(expected).size).toBe(expected.length)
  expect([...new Set(found)].sort()).toEqual([...expected].sort())
  // Beyond the one delivery that each kill may have caught in flight, nothing is sent twice.
  expect(found.length - expected.length).toBeLessThanOrEqual(kills)
  expect(await counts(disturbed)).toEqual(await counts(calm))

  await run(disturbed)
  expect(delivered(disturbed)).toEqual(found)
}, 600_000)
