import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')

/** Which parts of the tree each part may import. `index` is src/index.ts, the public door. */
const components = ['parsers', 'decoders', 'sources', 'lookups', 'outputs', 'publishers', 'secrets', 'stores']
const allowed: Readonly<Record<string, readonly string[]>> = {
  core: ['core'],
  ...Object.fromEntries(components.map((kind) => [kind, ['core', 'aws', 'connections', kind]])),
  aws: ['core', 'aws'],
  connections: ['core', 'connections'],
  helpers: ['core', 'helpers'],
  schemas: ['core', 'parsers', 'schemas'],
  rules: ['core', 'helpers', 'publishers', 'schemas', 'rules', 'index'],
  index: ['core', 'parsers'],
  project: ['core', ...components, 'schemas', 'project'],
  import: ['core', 'parsers', 'project', 'import'],
  testing: ['core', ...components, 'schemas', 'project', 'testing'],
  runtimes: ['core', 'aws', ...components, 'project', 'runtimes'],
  cli: ['core', 'aws', ...components, 'schemas', 'project', 'import', 'testing', 'runtimes', 'cli'],
}

const packageEntries: Readonly<Record<string, string>> = {
  streamalert: 'index',
  'streamalert/parsers': 'parsers',
  'streamalert/schemas': 'schemas',
  'streamalert/rules': 'rules',
  'streamalert/helpers': 'helpers',
  'streamalert/publishers': 'publishers',
  'streamalert/testing': 'testing',
}

/** The part a file belongs to: `core` for src/core/app.ts, `schemas` for schemas/okta.ts. */
function partOf(file: string): string {
  const [first, second] = file.split('/')
  if (first !== 'src') return first!
  return second === 'index.ts' ? 'index' : second!
}

/** Neither tests nor what tests share is held to the directions. */
const forTests = /\.test\.ts$|\/fixture\.ts$|\/children\//
const files = globSync('{src,schemas,rules}/**/*.ts', { cwd: root }).filter((file) => !forTests.test(file))
const sources = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]))

const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '')

/** What a file imports, as parts of the tree; `node:` modules and packages as they are written. */
function importsOf(file: string): string[] {
  const text = withoutComments(sources.get(file)!)
  const statements = text.matchAll(/^(?:import|export)\b(?:[\w\s{},*$]+\bfrom)?\s*'([^']+)'|\bimport\(\s*'([^']+)'/gm)
  return [...statements].map(([, top, inner]) => {
    const specifier = (top ?? inner)!
    if (!specifier.startsWith('.')) return packageEntries[specifier] ?? specifier
    return partOf(relative(root, join(root, dirname(file), specifier)))
  })
}

test('imports point inward', () => {
  const parts = new Set(Object.keys(allowed))
  const wrong = files.flatMap((file) => {
    const from = partOf(file)
    return importsOf(file)
      .filter((to) => parts.has(to) && !allowed[from]?.includes(to))
      .map((to) => `${file} imports ${to}`)
  })
  expect(wrong).toEqual([])
})

test('every part of the tree has its rule', () => {
  expect([...new Set(files.map(partOf))].filter((part) => !(part in allowed))).toEqual([])
})

test('the core knows no platform, no clock and no chance', () => {
  const forbidden: readonly (readonly [string, RegExp])[] = [
    ['process', /\bprocess\s*\./],
    ['Date.now', /\bDate\.now\b/],
    ['new Date()', /\bnew Date\(\s*\)/],
    ['Date()', /(?<!new )\bDate\(/],
    ['Math.random', /\bMath\.random\b/],
    ['performance', /\bperformance\s*\./],
    ['crypto', /\bcrypto\s*\./],
    ['fetch', /(?<![.\w])fetch\(/],
    ['Buffer', /\bBuffer\s*\./],
  ]
  const core = files.filter((file) => file.startsWith('src/core/'))
  const found = core.flatMap((file) => {
    const text = withoutComments(sources.get(file)!)
    return forbidden.filter(([, pattern]) => pattern.test(text)).map(([name]) => `${file} uses ${name}`)
  })
  expect(found).toEqual([])
  // Libraries that compute and do nothing else; whatever acts is handed in.
  const pure = ['core', 'zod', 'ipaddr.js', 'acorn']
  const outside = core.flatMap((file) =>
    importsOf(file)
      .filter((to) => !pure.includes(to))
      .map((to) => `${file} imports ${to}`),
  )
  expect(outside).toEqual([])
})

test('files stay small', () => {
  const code = [...sources].filter(([file]) => file.startsWith('src/'))
  const long = code
    .map(([file, text]) => `${file}: ${text.split('\n').length} lines`)
    .filter((_, n) => code[n]![1].split('\n').length > 300)
  expect(long).toEqual([])
})
