import { expect, test } from 'vitest'
import { projectFolder } from '../../testing/project-folder.ts'
import { command } from '../fixture.ts'

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

/** One run over three rules: weakly tested, counting, and with a test that fails. */
test(
  'survivors with their place and a case that notices each; rules whose tests fail are not judged',
  slow,
  async () => {
    const options = `where: { door: 'vault' }, threshold: { count: 2, per: ['person'], window: '10m' }`
    const at = (minute: number) => ({ record: { ...record, at: `2026-03-02T10:0${minute}:00Z` } })
    const cwd = project({
      counts: [
        rule('counts', options),
        [
          { name: 'twice', records: [at(0), at(1)], alerts: true },
          { name: 'once', record, alerts: false },
        ],
      ],
      fails: [vault.replace("'vault', desc", "'fails', desc"), [silent({})]],
      vault: [vault, [alerts({ tries: 9 }), silent({ door: 'shed', tries: 9 })]],
    })
    const { code, lines } = await command(['test', '--mutate', '--json', '--project', cwd])
    expect(code).toBe(1)
    expect(lines.filter((line) => 'code' in line)).toEqual([
      expect.objectContaining({ file: 'rules/fails.ts', code: 'TEST_FAILED', message: 'fails: "rests" fails.' }),
    ])
    const mutants = lines.filter((line) => 'killed' in line && 'change' in line)
    expect(mutants.filter((line) => line['killed'] === false && line['rule'] === 'vault')).toEqual(
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
    const survivor = (change: string) => mutants.find((line) => line['change'] === change)
    expect(survivor("window '10m' → '5m'")).toMatchObject({
      nearMiss: { records: [{ time: expect.any(String) }, {}], alerts: true },
    })
    expect(survivor("dropped 'person'")).toMatchObject({ nearMiss: { alerts: false } })
    const killed = mutants.filter((line) => line['killed'] === true).length
    expect(lines.at(-1)).toEqual({ killed, total: mutants.length, score: expect.any(Number) })
  },
)

test('strong tests kill all; a score below the one asked for fails; two runs print the same', slow, async () => {
  const strong = [alerts({}), silent({ tries: 3 }), silent({ door: 'shed' })]
  const cwd = project({
    vault: [vault, strong],
    weak: [vault.replace("'vault', desc", "'weak', desc"), [strong[0]!, strong[1]!]],
  })
  const run = (pattern: string) => command(['test', '--mutate', '--min-score', '90', '--project', cwd, pattern])
  expect(await run('vault')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('8 of 8 mutants killed: 100 %'),
    stderr: '',
  })
  const weak = await run('weak')
  const survivorsIn = ({ stdout }: { readonly stdout: string }) =>
    stdout.split('\n').filter((line) => / {4}rules/.test(line))
  expect(survivorsIn(await run('weak'))).toEqual(survivorsIn(weak))
  expect(weak).toMatchObject({ code: 1, stderr: 'At least 90 % were asked for.\n' })
  expect(weak.stdout).toMatch(/✗ weak {2}\d\/8\n {4}rules\/weak\.ts:5 {2}dropped record\.door === 'vault'\n/)
  expect(await run('nothing')).toMatchObject({ code: 2, stderr: expect.stringContaining('No rule has "nothing"') })
})

test('a mutant that never returns, or ends its thread, is killed', slow, async () => {
  const options = `match: (record) => {
    for (let again = true; again; ) again = false
    if (record.person === 'mallory') process.exit()
    return record.door === 'vault'
  }`
  const cwd = project({ loops: [rule('loops', options), [alerts({}), silent({ door: 'gate' })]] })
  const one = await command(['test', '--mutate', '--json', '--timeout', '400ms', '--project', cwd])
  const fate = (change: string) => one.lines.find((line) => line['change'] === change)?.['killed']
  expect(fate('false → true')).toBe(true)
  expect(fate('true → false')).toBe(false)
  expect(fate("=== → !== in record.person === 'mallory'")).toBe(true)
})
