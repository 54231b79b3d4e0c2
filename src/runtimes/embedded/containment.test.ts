import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { registerResolve } from '../../project/index.ts'
import { openSqliteStore } from '../../stores/sqlite/index.ts'
import { projectFolder } from '../../testing/project-folder.ts'
import { afterAll, describe, expect, it } from 'vitest'
import { startEngine } from './engine.ts'

registerResolve()
const folders: string[] = []
afterAll(() => folders.forEach((dir) => rmSync(dir, { recursive: true, force: true })))

const schema = `
import { defineSchema } from 'streamalert'
import { json } from 'streamalert/parsers'
export const app = defineSchema({
  name: 'app:events', description: 'Events of an application.', parse: json(), time: 'at',
  fields: { at: 'timestamp', n: 'integer', app: 'string' }, patterns: { app: 'demo' },
})
`
const rule = (name: string, match: string, rest = '') => `
import { defineRule } from 'streamalert'
import { app } from '../schemas/app.ts'
${rest}
export default defineRule({ name: '${name}', description: 'A rule.', severity: 'low', schemas: [app], match: (record) => { ${match} } })
`
const records = (count: number) =>
  Array.from({ length: count }, (_, n) => JSON.stringify({ at: '2026-03-01T10:00:00Z', n, app: 'demo' })).join('\n') + '\n'

const config = `
sources: { file: { app: { paths: ['logs/*.json'], schemas: ['app:events'] } } }
outputs: { file: { alerts: { path: alerts.jsonl } } }
defaults: { outputs: ['file:alerts'] }
terminal: false
workers: { count: 2, memory: 96MB, ruleTimeout: 300ms }
`

async function run(rules: Record<string, string>, count = 50) {
  const files = Object.fromEntries(Object.entries(rules).map(([name, text]) => [`rules/${name}.ts`, text]))
  const dir = projectFolder({ 'streamalert.yaml': config, 'schemas/app.ts': schema, 'logs/a.json': records(count), ...files })
  folders.push(dir)
  const engine = await startEngine({
    projectDir: dir,
    once: true,
    screen: { colour: false, columns: 80, write: () => {} },
    secret: async () => '',
    events: { log: () => {} },
  })
  expect(await engine.finished).toEqual({ complete: true, unsent: 0 })
  const store = openSqliteStore(join(dir, '.streamalert', 'state.db'), { readOnly: true })
  const alerts = await store.alerts({ limit: 10_000 })
  const quarantine = await store.quarantine({ limit: 10_000 })
  const errors = await store.counts('rule_errors')
  await store.close()
  const seen = (name: string) =>
    alerts
      .filter(({ alert }) => alert.rule === name)
      .map(({ alert }) => alert.record.data['n'])
      .sort((a, b) => Number(a) - Number(b))
  return { seen, quarantine, errors }
}

const all = (count: number) => Array.from({ length: count }, (_, n) => n)

describe('a rule is contained', () => {
  it('that throws: its verdict is kept, its record is seen by every other rule', async () => {
    const { seen, quarantine, errors } = await run({
      throws: rule('throws', `if (record.n === 7) throw new Error('seven'); return true`),
      good: rule('good', 'return true'),
    })
    expect(seen('good')).toEqual(all(50))
    expect(seen('throws')).toEqual(all(50).filter((n) => n !== 7))
    expect(quarantine).toMatchObject([{ kind: 'verdict', rule: 'throws', reason: 'RULE_THREW', message: 'seven' }])
    expect(errors).toMatchObject([{ labels: { rule: 'throws', code: 'RULE_THREW' }, n: 1 }])
  })

  it('that never returns', async () => {
    const { seen, quarantine } = await run({
      hangs: rule('hangs', 'while (record.n === 3); return true'),
      good: rule('good', 'return true'),
    })
    expect(seen('good')).toEqual(all(50))
    expect(seen('hangs')).toEqual(all(50).filter((n) => n !== 3))
    expect(quarantine).toMatchObject([{ rule: 'hangs', reason: 'RULE_TIMEOUT' }])
  })

  it('that sleeps without using the processor is stopped by the clock', async () => {
    const { seen, quarantine } = await run({
      sleeps: rule(
        'sleeps',
        'if (record.n === 3) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); return true',
      ),
      good: rule('good', 'return true'),
    })
    expect(seen('good')).toEqual(all(50))
    expect(quarantine).toMatchObject([{ rule: 'sleeps', reason: 'RULE_TIMEOUT' }])
  }, 60_000)

  it('that fills the heap', async () => {
    const { seen, quarantine } = await run({
      heap: rule('heap', `if (record.n === 5) { const all = []; for (;;) all.push({ n: all.length }) } return true`),
      good: rule('good', 'return true'),
    })
    expect(seen('good')).toEqual(all(50))
    expect(seen('heap')).toEqual(all(50).filter((n) => n !== 5))
    expect(quarantine).toMatchObject([{ rule: 'heap', reason: 'RULE_MEMORY' }])
  })

  it('that fills memory outside the heap', async () => {
    const { seen, quarantine } = await run({
      buffers: rule(
        'buffers',
        `if (record.n === 5) { const all = []; for (let n = 0; n < 400; n++) all.push(Buffer.alloc(1 << 20, 1)); for (;;) all.length }
         return true`,
      ),
      good: rule('good', 'return true'),
    })
    expect(seen('good')).toEqual(all(50))
    expect(seen('buffers')).toEqual(all(50).filter((n) => n !== 5))
    expect(quarantine).toMatchObject([{ rule: 'buffers', reason: 'RULE_MEMORY' }])
  })

  it('that ends its thread', async () => {
    const { seen, quarantine } = await run({
      exits: rule('exits', 'if (record.n === 9) process.exit(1); return true'),
      good: rule('good', 'return true'),
    })
    expect(seen('good')).toEqual(all(50))
    expect(seen('exits')).toEqual(all(50).filter((n) => n !== 9))
    expect(quarantine).toMatchObject([{ rule: 'exits', reason: 'RULE_CRASHED' }])
  })

  it('that hangs on every record is suspended; its verdicts are kept', async () => {
    const { seen, quarantine, errors } = await run({
      always: rule('always', 'for (;;); return true'),
      good: rule('good', 'return true'),
    })
    expect(seen('good')).toEqual(all(50))
    expect(quarantine.filter(({ rule }) => rule === 'always')).toHaveLength(50)
    expect(errors.map(({ labels }) => labels['code']).sort()).toEqual(['RULE_SUSPENDED', 'RULE_TIMEOUT'])
  })

  it('that changes its record changes nothing for others', async () => {
    const { seen, quarantine } = await run({
      a: rule('a', '(record as { n: number }).n = -1; return true'),
      good: rule('good', 'return true'),
    })
    expect(seen('good')).toEqual(all(50))
    expect(quarantine).toHaveLength(50)
    expect(quarantine[0]).toMatchObject({ rule: 'a', reason: 'RULE_THREW' })
  })

  it('that sees no environment', async () => {
    const { seen } = await run({ env: rule('env', 'return Object.keys(process.env).length === 0') })
    expect(seen('env')).toEqual(all(50))
  })
})
