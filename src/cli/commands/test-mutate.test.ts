import { expect, test } from 'vitest'
import { projectFolder } from '../../testing/project-folder.ts'
import { streamalert } from '../fixture.ts'

/** Starts processes or threads: on a busy machine that takes its time. */
const slow = { timeout: 120_000 }

const schema = `import { defineSchema } from 'streamalert'
import { json } from 'streamalert/parsers'
export const door = defineSchema({
  name: 'acme:door',
  description: 'Doors of the made-up company Acme.',
  parse: json(),
  fields: { door: 'string', person: 'string?', at: 'timestamp', tries: 'integer' },
  time: 'at',
})
`

const rule = (name: string, options: string, before = '') => `import { defineRule } from 'streamalert'
import { door } from '../schemas/door.ts'
${before}
export default defineRule({ name: '${name}', description: 'x', severity: 'low', schemas: [door],
  ${options},
})
`

const record = { door: 'vault', person: 'eve', at: '2026-03-02T10:00:00Z', tries: 4 }
const alerts = (changes: object, name = 'fires') => ({ name, record: { ...record, ...changes }, alerts: true })
const silent = (changes: object, name = 'rests') => ({ ...alerts(changes, name), alerts: false })

/** A project whose rules are given, each with its cases. */
const project = (rules: Record<string, readonly [source: string, cases: readonly object[]]>) =>
  projectFolder({
    'streamalert.yaml': 'clusters: { prod: {} }\ndefaults: { outputs: ["terminal:screen"] }',
    'schemas/door.ts': schema,
    ...Object.fromEntries(
      Object.entries(rules).flatMap(([name, [source, cases]]) => [
        [`rules/${name}.ts`, source],
        [`rules/${name}.test.json`, JSON.stringify(cases)],
      ]),
    ),
  })

const vault = rule('vault', `match: (record) => record.door === 'vault' && record.tries > 3`)

test('weak tests: the survivors with their place, and a case that notices each', slow, async () => {
  const cwd = project({ vault: [vault, [alerts({ tries: 9 }), silent({ door: 'shed', tries: 9 })]] })
  const { code, lines } = await streamalert(['test', '--mutate', '--json'], { cwd })
  expect(code).toBe(0)
  const survivors = lines.filter((line) => line['killed'] === false)
  expect(survivors).toEqual(
    [
      ['dropped record.tries > 3', 0, false],
      ['> → >= in record.tries > 3', 3, false],
      ['3 → 4', 4, true],
    ].map(([change, tries, expected]) => ({
      rule: 'vault',
      file: 'rules/vault.ts',
      line: 5,
      change,
      killed: false,
      nearMiss: { name: expect.any(String), record: { ...record, tries }, schema: 'acme:door', alerts: expected },
    })),
  )
  expect(lines.at(-1)).toEqual({ killed: lines.length - 4, total: lines.length - 1, score: expect.any(Number) })
})

test('strong tests kill all; a score below the one asked for fails', slow, async () => {
  const strong = [alerts({}), silent({ tries: 3 }), silent({ door: 'shed' })]
  const cwd = project({
    vault: [vault, strong],
    weak: [vault.replace("'vault', desc", "'weak', desc"), [strong[0]!, strong[1]!]],
  })
  const run = (pattern: string) => streamalert(['test', '--mutate', '--min-score', '90', pattern], { cwd })
  expect(await run('vault')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('8 of 8 mutants killed: 100 %'),
    stderr: '',
  })
  const weak = await run('weak')
  expect(weak).toMatchObject({ code: 1, stderr: 'At least 90 % were asked for.\n' })
  expect(weak.stdout).toMatch(/✗ weak {2}\d\/8\n {4}rules\/weak\.ts:5 {2}dropped record\.door === 'vault'\n/)
  expect(await run('nothing')).toMatchObject({ code: 2, stderr: expect.stringContaining('No rule has "nothing"') })
})

test('a mutant that never returns, or ends its thread, is killed; two runs print the same', slow, async () => {
  const options = `match: (record) => {
    for (let again = true; again; ) again = false
    if (record.person === 'mallory') process.exit()
    return record.door === 'vault'
  }`
  const cwd = project({ loops: [rule('loops', options), [alerts({}), silent({ door: 'gate' })]] })
  const args = ['test', '--mutate', '--json', '--timeout', '1s']
  const [one, two] = [await streamalert(args, { cwd }), await streamalert(args, { cwd })]
  const fate = (change: string) => one.lines.find((line) => line['change'] === change)?.['killed']
  expect(fate('false → true')).toBe(true)
  expect(fate('true → false')).toBe(false)
  expect(fate("=== → !== in record.person === 'mallory'")).toBe(true)
  expect(two.stdout).toBe(one.stdout)
})

test('counting rules: near misses change how many records there are, and when', slow, async () => {
  const options = `where: { door: 'vault' }, threshold: { count: 2, per: ['person'], window: '10m' }`
  const at = (minute: number) => ({ record: { ...record, at: `2026-03-02T10:0${minute}:00Z` } })
  const cases = [
    { name: 'twice', records: [at(0), at(1)], alerts: true },
    { name: 'once', record, alerts: false },
  ]
  const cwd = project({ counts: [rule('counts', options), cases] })
  const { lines } = await streamalert(['test', '--mutate', '--json'], { cwd })
  const survivor = (change: string) => lines.find((line) => line['change'] === change)
  expect(survivor("window '10m' → '5m'")).toMatchObject({
    nearMiss: { records: [{ time: expect.any(String) }, {}], alerts: true },
  })
  expect(survivor("dropped 'person'")).toMatchObject({ nearMiss: { alerts: false } })
})

test('rules whose tests fail cannot be judged, and others are', slow, async () => {
  const cwd = project({
    fails: [vault.replace("'vault', desc", "'fails', desc"), [silent({})]],
    vault: [vault, [alerts({}), silent({ tries: 3 }), silent({ door: 'shed' })]],
  })
  const { code, lines } = await streamalert(['test', '--mutate', '--json'], { cwd })
  expect(code).toBe(1)
  expect(lines.filter((line) => 'code' in line)).toEqual([
    expect.objectContaining({ file: 'rules/fails.ts', code: 'TEST_FAILED', message: 'fails: "rests" fails.' }),
  ])
  expect(lines.at(-1)).toEqual({ killed: 8, total: 8, score: 100 })
})
