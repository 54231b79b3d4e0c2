import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { codes } from './core/errors.ts'
import { allKinds } from './core/kinds.ts'
import { lookups } from './lookups/index.ts'
import { outputs } from './outputs/index.ts'
import { parsers } from './parsers/index.ts'
import { secrets } from './secrets/index.ts'
import { sources } from './sources/index.ts'

const indexes = { sources, outputs, lookups, secrets }
const [listedSources, listedOutputs, listedLookups, listedSecrets] = await Promise.all([
  allKinds(sources),
  allKinds(outputs),
  allKinds(lookups),
  allKinds(secrets),
])
const kinds = {
  sources: { declare: 'defineSource(', listed: listedSources },
  parsers: { declare: 'defineParser(', listed: parsers },
  outputs: { declare: 'defineOutput(', listed: listedOutputs },
  lookups: { declare: 'defineLookup(', listed: listedLookups },
  secrets: { declare: 'defineSecrets(', listed: listedSecrets },
}

/** The files of a kind that declare a component: `slack.ts`, or `syslog/index.ts` once one file was not enough. */
function declaring(kind: string, call: string): string[] {
  const files = globSync(`${kind}/**/*.ts`, { cwd: import.meta.dirname }).filter((file) => !file.endsWith('.test.ts'))
  return files.filter((file) => readFileSync(join(import.meta.dirname, file), 'utf8').includes(call))
}

const nameOf = (file: string) => (basename(file) === 'index.ts' ? basename(dirname(file)) : basename(file, '.ts'))

describe.each(Object.entries(kinds))('%s', (kind, { declare, listed }) => {
  const files = declaring(kind, declare)

  test('each file declares one component of its own name, listed in index.ts', () => {
    expect(files.map(nameOf).toSorted()).toEqual(listed.map(({ name }) => name).toSorted())
  })

  test('each has its test beside it, or within its folder', () => {
    const tests = globSync(`${kind}/**/*.test.ts`, { cwd: import.meta.dirname })
    const isTested = (file: string) =>
      tests.includes(`${kind}/${nameOf(file)}.test.ts`) ||
      (basename(file) === 'index.ts' && tests.some((path) => dirname(path) === dirname(file)))
    const untested = files.filter((file) => !isTested(file))
    expect(untested).toEqual([])
  })
})

test.each(Object.entries(indexes))('%s are listed under their own names, sorted', async (_, index) => {
  const names = (await allKinds<{ readonly name: string }>(index)).map(({ name }) => name)
  expect(Object.keys(index)).toEqual(names)
  expect(names).toEqual(names.toSorted())
})

describe.each(
  [...listedSources, ...listedOutputs, ...listedLookups, ...listedSecrets].map((kind) => [kind.name, kind] as const),
)('%s', (_, kind) => {
  test('its examples are valid configurations', () => {
    expect(kind.examples.length).toBeGreaterThan(0)
    for (const { config } of kind.examples) expect(kind.config.safeParse(config)).toMatchObject({ success: true })
  })

  test('says in one sentence what it is', () => {
    expect(kind.summary).toMatch(/^[A-Z][^\n]*\.$/)
  })
})

test('every code is explained in one sentence', () => {
  for (const [code, text] of Object.entries(codes)) {
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/)
    expect(text).toMatch(/^[^\n]+\.$/)
  }
})
