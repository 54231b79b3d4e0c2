import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appProject, inspect, removeFolder, ruleText, startProject } from './fixture.ts'

type Found = Awaited<ReturnType<typeof inspect>>

const byText = (a: unknown, b: unknown) => String(a).localeCompare(String(b))
const all = Array.from({ length: 50 }, (_, n) => n)
const without = (...left: readonly number[]) => all.filter((n) => !left.includes(n))
const folders: string[] = []
const logged: string[] = []
afterAll(() => folders.forEach(removeFolder))

async function run(rules: Readonly<Record<string, string>>, ruleTimeout = '200ms', count = 1): Promise<Found> {
  const dir = appProject(rules, { count, ruleTimeout })
  folders.push(dir)
  const engine = await startProject(dir, { once: true, events: { log: ({ message }) => void logged.push(message) } })
  expect(await engine.finished).toEqual({ complete: true, unsent: 0 })
  return inspect(dir)
}

const seenBy = ({ alerts }: Found, rule: string) =>
  alerts
    .filter((alert) => alert.rule === rule)
    .map(({ record }) => Number(record.data['n']))
    .sort((a, b) => a - b)
const keptOf = ({ quarantine }: Found, name: string) => quarantine.filter(({ rule }) => rule === name)

describe('bad rules in one run', () => {
  let found: Found
  beforeAll(async () => {
    found = await run({
      throws: ruleText('throws', `if (record.n === 7) throw new Error('seven'); return true`),
      hangs: ruleText('hangs', 'while (record.n === 3); return true'),
      heap: ruleText(
        'heap',
        'if (record.n === 5) { const all = []; for (;;) all.push({ n: all.length }) } return true',
      ),
      arrays: ruleText(
        'arrays',
        'const all = []; if (record.n === 8) for (;;) all.push(new Array(1000).fill(1)); return true',
      ),
      buffers: ruleText(
        'buffers',
        'const all = []; if (record.n === 6) for (;;) all.push(Buffer.alloc(1 << 20, 1)); return true',
      ),
      exits: ruleText('exits', 'if (record.n === 9) process.exit(1); return true'),
      changes: ruleText('changes', '(record as { n: number }).n = -1; return true'),
      promises: ruleText('promises', 'return Promise.resolve(true) as unknown as boolean'),
      leaves: ruleText('leaves', `if (record.n === 0) void Promise.reject(new Error('left behind')); return false`),
      title: ruleText('title', 'return record.n === 11', `title: () => { throw new Error('no title') },`),
      environment: ruleText('environment', 'return Object.keys(process.env).length === 0'),
      good: ruleText('good', 'return true'),
    })
  }, 90_000)

  it('cost no other rule a record', () => {
    expect(seenBy(found, 'good')).toEqual(all)
  })

  it.each([
    ['throws', 7, 'RULE_THREW', 'seven'],
    ['hangs', 3, 'RULE_TIMEOUT', 'did not return'],
    ['exits', 9, 'RULE_CRASHED', 'exit code 1'],
  ])('%s: its one failed verdict is kept with the reason', (rule, n, reason, message) => {
    expect(seenBy(found, rule)).toEqual(without(n))
    expect(keptOf(found, rule)).toMatchObject([{ kind: 'verdict', reason, schema: 'app:events' }])
    expect(keptOf(found, rule)[0]!.message).toContain(message)
    expect(found.errors.find(({ labels }) => labels['rule'] === rule)).toMatchObject({ labels: { code: reason }, n: 1 })
  })

  it.each([
    ['heap', 5],
    ['buffers', 6],
    ['arrays', 8],
  ])('%s: memory is bounded inside and outside the heap', (rule, n) => {
    expect(seenBy(found, rule)).toEqual(without(n))
    // A collector at its limit may use up the rule's time before the memory.
    expect(['RULE_MEMORY', 'RULE_TIMEOUT']).toContain(keptOf(found, rule)[0]?.reason)
  })

  it('a rule that changes its record changes nothing for others', () => {
    expect(seenBy(found, 'changes')).toEqual([])
    expect(keptOf(found, 'changes')).toHaveLength(50)
    expect(found.alerts.every(({ record }) => record.data['n'] !== -1)).toBe(true)
  })

  it('an alert whose title throws goes out under the name of its rule', () => {
    expect(found.alerts.filter(({ rule }) => rule === 'title')).toMatchObject([{ title: 'title' }])
    expect(found.errors.map(({ labels }) => labels['code'])).toContain('title: no title')
  })

  it('a rule that answers with a promise is told that it cannot wait', () => {
    expect(seenBy(found, 'promises')).toEqual([])
    expect(keptOf(found, 'promises')).toHaveLength(50)
    expect(keptOf(found, 'promises')[0]!.message).toContain('match returned a promise')
  })

  it('a promise that a rule left behind fails aloud, and costs nothing', () => {
    expect(logged.filter((message) => message.includes('left behind') && message.includes('leaves.ts'))).not.toEqual([])
    expect(keptOf(found, 'leaves')).toEqual([])
  })

  it('rules see no environment', () => {
    expect(seenBy(found, 'environment')).toEqual(all)
  })
})

it('a rule that hangs on every record is suspended, and its verdicts are kept', async () => {
  const found = await run({ always: ruleText('always', 'for (;;);'), good: ruleText('good', 'return true') }, '50ms', 1)
  expect(seenBy(found, 'good')).toEqual(all)
  expect(keptOf(found, 'always')).toHaveLength(50)
  expect(found.errors.map(({ labels }) => labels['code']).toSorted(byText)).toEqual(['RULE_SUSPENDED', 'RULE_TIMEOUT'])
}, 60_000)
