import { expect, test } from 'vitest'
import { z } from 'zod'
import { type OutputKind, type SourceKind, defineOutput, defineSource } from '../core/component.ts'
import { Problems } from '../core/errors.ts'
import { projectFolder } from '../testing/project-folder.ts'
import { loadProject } from './load.ts'

const tail = defineSource({
  name: 'tail',
  summary: 'For these tests.',
  config: z.strictObject({ paths: z.array(z.string()), speed: z.enum(['slow', 'fast']).default('fast') }),
  examples: [],
  create: () => ({ read: async function* () {} }),
}) as SourceKind
const post = defineOutput({
  name: 'post',
  summary: 'For these tests.',
  config: z.strictObject({ url: z.string() }),
  examples: [],
  create: () => ({ send: async () => {} }),
}) as OutputKind
const kinds = { sources: { tail: async () => tail }, outputs: { post: async () => post } }

const load = (yaml: string) => loadProject(projectFolder({ 'streamalert.yaml': yaml }), kinds)

/** `line:column CODE message → hint` of each problem. */
async function problemsOf(yaml: string): Promise<string[]> {
  const error: unknown = await load(yaml).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof Problems)) throw new Error(`expected problems, got ${String(error)}`)
  return error.problems.map(
    ({ place, code, message, hint = '' }) => `${place.line}:${place.column} ${code} ${message} ${hint}`,
  )
}

test('an empty configuration has a default for everything', async () => {
  const { config, sources, outputs } = await load('# nothing yet\n')
  expect(config).toMatchObject({
    clusters: { default: {} },
    terminal: true,
    workers: { memory: 512 * 2 ** 20, ruleTimeout: 1_000 },
    merge: { lateness: 30_000 },
    delivery: { maxAge: 86_400_000, timeout: 10_000 },
    storage: { path: '.streamalert', retention: { alerts: 90 * 86_400_000, maxBytes: 5 * 2 ** 30 } },
  })
  expect(config.workers.count).toBeGreaterThanOrEqual(1)
  expect([...sources, ...outputs]).toEqual([])
})

test('sources and outputs are named kind:name, and their options checked by their kind', async () => {
  const { sources, outputs } = await load(`
clusters: { prod: { description: Production }, pci: }
sources:
  tail:
    web: { cluster: prod, paths: [a.log], schemas: ['nginx:*'] }
    old: { cluster: prod, paths: [b.log], enabled: false }
outputs: { post: { on-call: { url: 'https://example.com' } } }
defaults: { outputs: ['post:on-call'] }
`)
  const placed = { file: 'streamalert.yaml', line: 5, column: 5 }
  const options = { paths: ['a.log'], speed: 'fast' }
  expect(sources).toEqual([
    { name: 'tail:web', kind: tail, cluster: 'prod', schemas: ['nginx:*'], options, place: placed },
  ])
  expect(outputs).toMatchObject([{ name: 'post:on-call', kind: post, options: { url: 'https://example.com' } }])
})

test('the cluster may be left out when there is one', async () => {
  const { sources } = await load('clusters: { prod: {} }\nsources: { tail: { a: { paths: [] } } }')
  expect(sources[0]?.cluster).toBe('prod')
  expect(await problemsOf('clusters: { a: {}, b: {} }\nsources: { tail: { x: { paths: [] } } }')).toEqual([
    '2:20 CONFIG_INVALID sources.tail.x.cluster is missing. Add "cluster:" with one of a, b.',
  ])
})

test('every problem is reported at once, in order, with its place and the nearest right name', async () => {
  const found = await problemsOf(`clusters: { prod: {}, pci: { descripton: x } }
sources:
  tail:
    web: { cluster: prd, path: [a], speed: fsat, enabeld: false }
  tale: { x: {} }
outputs: { post: { a: { url: 3 } } }
defaults: { outputs: ['post:b', 'none'] }
workers: { count: 0, memory: 512, ruleTimeout: soon }
mrege: {}
`)
  expect(found).toEqual([
    '1:30 CONFIG_UNKNOWN_NAME There is no option "descripton" in clusters.pci. Did you mean "description"?',
    '4:5 CONFIG_INVALID sources.tail.web.paths is missing: it must be a list. ',
    '4:21 CONFIG_UNKNOWN_NAME There is no cluster "prd". Did you mean "prod"?',
    '4:26 CONFIG_UNKNOWN_NAME There is no option "path" in sources.tail.web. Did you mean "paths"?',
    '4:44 CONFIG_INVALID sources.tail.web.speed is "fsat", which is none of slow, fast. Did you mean "fast"?',
    '4:50 CONFIG_UNKNOWN_NAME There is no option "enabeld" in sources.tail.web. Did you mean "enabled"?',
    '5:3 CONFIG_UNKNOWN_NAME There is no kind of source "tale" in sources. Did you mean "tail"?',
    '6:30 CONFIG_INVALID outputs.post.a.url is 3, not a text. ',
    '7:33 CONFIG_INVALID defaults.outputs[1] ("none") is not the name of an output: write kind:name. ',
    '8:19 CONFIG_INVALID workers.count is 0: Too small: expected number to be >=1. ',
    '8:30 CONFIG_INVALID workers.memory (512) is not a size: write 512MB or 5GB. ',
    '8:48 CONFIG_INVALID workers.ruleTimeout ("soon") is not a duration: write 30s, 5m, 2h or 7d. ',
    '9:1 CONFIG_UNKNOWN_NAME There is no option "mrege". Did you mean "merge"?',
  ])
})

test('an output that no one configured', async () => {
  expect(await problemsOf('outputs: { post: { alerts: { url: x } } }\ndefaults: { outputs: [post:alert] }')).toEqual([
    '2:23 CONFIG_UNKNOWN_NAME There is no output "post:alert". Did you mean "post:alerts"?',
  ])
})

test('the output of the terminal needs no configuration', async () => {
  expect((await load('defaults: { outputs: ["terminal:screen"] }')).config.defaults.outputs).toEqual([
    'terminal:screen',
  ])
})

test.each([
  ['a: [1', /^1:\d+ CONFIG_SYNTAX/],
  ['clusters: {}\nclusters: {}', /2:1 CONFIG_SYNTAX "clusters" stands twice/],
  [
    'merge: { lateness: 1s }\nmerge: { lateness: 1s }\nsorces: {}',
    /CONFIG_SYNTAX "merge" stands twice[\s\S]*3:1 CONFIG_UNKNOWN_NAME/,
  ],
  ['- a\n- b', /^1:1 CONFIG_INVALID The file is a list, not a mapping/],
  ['clusters: {}', /^1:11 CONFIG_INVALID clusters .*names no cluster/],
  ['clusters: { "a b": {} }', /^1:13 CONFIG_INVALID "a b" is not a name/],
  ['clusters: { a: {}, __proto__: {} }', /^1:20 CONFIG_INVALID "__proto__" cannot be a name/m],
  ['metrics: { listen: here }', /^1:20 CONFIG_INVALID metrics.listen .*is not an address: write [^\n]*$/],
])('%j', async (yaml, expected) => {
  expect((await problemsOf(yaml)).join('\n')).toMatch(expected)
})

test('a folder without a configuration', async () => {
  await expect(loadProject(projectFolder({}), kinds)).rejects.toMatchObject({ code: 'CONFIG_MISSING' })
  const folder = projectFolder({ 'streamalert.yaml/a': '' })
  await expect(loadProject(folder, kinds)).rejects.toMatchObject({
    code: 'CONFIG_MISSING',
    message: expect.stringContaining('streamalert.yaml cannot be read: EISDIR'),
  })
})

test('code files: helpers, tests and declarations are none', async () => {
  const dir = projectFolder({
    'streamalert.yaml': '',
    ...Object.fromEntries(
      ['b.ts', 'a/z.ts', 'a/_help.ts', '_lib/x.ts', 'b.test.json', 'b.test.ts', 'c.d.ts', 'd.js', '.e.ts'].map(
        (file) => [`rules/${file}`, ''],
      ),
    ),
    'schemas/own.ts': '',
  })
  const { ruleFiles, schemaFiles } = await loadProject(dir, kinds)
  expect(ruleFiles).toEqual(['a/z.ts', 'b.ts', 'd.js'].map((file) => `${dir}/rules/${file}`))
  expect(schemaFiles).toEqual([`${dir}/schemas/own.ts`])
})
