import { fork } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appProject, inspect, removeFolder, ruleText, startProject } from './fixture.ts'

type Found = Awaited<ReturnType<typeof inspect>>

const all = Array.from({ length: 50 }, (_, n) => n)
const without = (left: number) => all.filter((n) => n !== left)
const folders: string[] = []
afterAll(() => folders.forEach(removeFolder))

async function run(rules: Readonly<Record<string, string>>, isolation: 'thread' | 'process'): Promise<Found> {
  const dir = appProject(rules, { workers: `isolation: ${isolation}` })
  folders.push(dir)
  const engine = await startProject(dir, { once: true })
  expect(await engine.finished).toEqual({ complete: true, unsent: 0 })
  return inspect(dir)
}

const seenBy = ({ alerts }: Found, rule: string) =>
  alerts
    .filter((alert) => alert.rule === rule)
    .map(({ record }) => Number(record.data['n']))
    .sort((a, b) => a - b)
const keptOf = ({ quarantine }: Found, name: string) => quarantine.filter(({ rule }) => rule === name)

const from = (module: string, names: string) => `const { ${names} } = process.getBuiltinModule('${module}')!;`

/** What a rule may not do: it tries on one record. */
const forbidden = {
  reads: `${from('node:fs', 'readFileSync')} readFileSync('/etc/passwd')`,
  configuration: `${from('node:fs', 'readFileSync')} readFileSync(import.meta.dirname + '/../streamalert.yaml')`,
  writes: `${from('node:fs', 'writeFileSync')} writeFileSync(import.meta.dirname + '/new.ts', '')`,
  spawns: `${from('node:child_process', 'execFileSync')} execFileSync('/bin/true')`,
  threads: `${from('node:worker_threads', 'Worker')} new Worker('', { eval: true })`,
  addons: `process.dlopen({ exports: {} }, '/tmp/none.node')`,
  database: `${from('node:sqlite', 'DatabaseSync')} new DatabaseSync(import.meta.dirname + '/../.streamalert/state.db')`,
  signals: 'process.kill(process.ppid, 0)',
}

/** `deaf` computes for minutes where V8 cannot be interrupted. */
const harmful = {
  buffers: ruleText(
    'buffers',
    'const all = []; if (record.n === 6) for (;;) all.push(Buffer.alloc(1 << 20, 1)); return true',
  ),
  exits: ruleText('exits', 'if (record.n === 9) process.exit(1); return true'),
  deaf: ruleText('deaf', 'return record.n === 11 ? (2n ** 99999999n).toString() === "" : true'),
}

describe('rules in a process of their own', () => {
  let found: Found
  beforeAll(async () => {
    const tries = Object.entries(forbidden).map(([name, body]) => [
      name,
      ruleText(name, `if (record.n === 7) { ${body} } return true`),
    ])
    found = await run(
      {
        ...Object.fromEntries(tries),
        ...harmful,
        environment: ruleText(
          'environment',
          'return Object.keys(process.env).length === 0 && process.argv.length === 2',
        ),
        good: ruleText('good', 'return true'),
      },
      'process',
    )
  }, 90_000)

  it('cost no other rule a record', () => {
    expect(seenBy(found, 'good')).toEqual(all)
  })

  it.each(Object.keys(forbidden))('%s: the verdict fails, and no other', (rule) => {
    expect(seenBy(found, rule)).toEqual(without(7))
    expect(keptOf(found, rule)).toMatchObject([{ kind: 'verdict', reason: 'RULE_THREW' }])
  })

  it.each([
    ['deaf', 11, 'RULE_TIMEOUT', 'did not return'],
    ['buffers', 6, 'RULE_MEMORY', 'in its process'],
    ['exits', 9, 'RULE_CRASHED', 'exit code 1'],
  ])('%s: the process is ended, its one verdict is kept with the reason', (rule, n, reason, message) => {
    expect(seenBy(found, rule)).toEqual(without(n))
    expect(keptOf(found, rule)).toMatchObject([{ kind: 'verdict', reason }])
    expect(keptOf(found, rule)[0]!.message).toContain(message)
  })

  it('see no environment, and nothing in their arguments', () => {
    expect(seenBy(found, 'environment')).toEqual(all)
  })
})

it('a process ends with the engine, also when that dies while code is loaded', async () => {
  const child = fork(new URL('./evaluation-process.ts', import.meta.url), {
    ...{ env: {}, execArgv: [], serialization: 'advanced', timeout: 20_000, killSignal: 'SIGKILL' },
  })
  const code = { dir: '/none', ruleFiles: [], libraryFiles: [], schemaFiles: [], clusters: [], outputs: [] }
  const rest = { defaultOutputs: [], lookups: [], sources: [], everyOutput: [] }
  child.send({ code: { ...code, ruleFiles: ['/none/a.ts', '/none/b.ts'], ...rest }, maxBodyBytes: 0 })
  child.disconnect()
  expect(await once(child, 'exit')).toEqual([0, null])
}, 60_000)

it('processes raise the alerts that threads raise', async () => {
  const rules = {
    few: ruleText('few', 'return record.n % 7 === 0', `title: (record) => 'n is ' + record.n,`),
    merged: ruleText('merged', 'return true', `merge: { by: ['app'], window: '5m' },`),
  }
  const [threads, processes] = await Promise.all([run(rules, 'thread'), run(rules, 'process')])
  const ids = ({ alerts }: Found) =>
    alerts.map(({ title, severity, record, mergedFrom }) => [title, severity, record.id, mergedFrom?.count])
  expect(ids(processes)).toEqual(ids(threads))
  expect(ids(threads).length).toBeGreaterThan(8)
}, 60_000)
