import { globSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { allKinds } from '../core/kinds.ts'
import { outputs as index } from './index.ts'

const outputs = await allKinds(index)

/** Files that outputs share. */
const shared = ['http', 'index', 'secrets', 'shared']

test('each file is an output of that name, and listed', () => {
  const files = readdirSync(import.meta.dirname)
    .filter((name) => !name.includes('.test.'))
    .map((name) => name.replace(/\.ts$/, ''))
  expect(outputs.map(({ name }) => name)).toEqual(files.filter((name) => !shared.includes(name)).sort())
})

test.each(outputs.flatMap(({ name, config, examples }) => examples.map((example) => ({ name, config, example }))))(
  '$name: $example.title',
  ({ config, example }) => {
    expect(config.safeParse(example.config).error).toBeUndefined()
  },
)

/** What the code of an output asks publications for, as far as it can be seen: `own.text('title')`. */
function keysAsked(name: string): readonly string[] {
  const files = globSync([`${name}.ts`, `${name}/*.ts`], { cwd: import.meta.dirname }).filter(
    (file) => !file.includes('.test.'),
  )
  const code = files.map((file) => readFileSync(join(import.meta.dirname, file), 'utf8')).join('\n')
  return [...code.matchAll(/\b(?:own|overridesOf\([^)]*\))\.(?:text|list|object|any)\('(\w+)'\)/g)].map(
    ([, key]) => key!,
  )
}

test.each(outputs.map(({ name, publisherKeys = {} }) => ({ name, publisherKeys })))(
  '$name: its page lists what publishers may say to it',
  ({ name, publisherKeys }) => {
    const listed = Object.keys(publisherKeys)
    expect(keysAsked(name).filter((key) => !listed.includes(key))).toEqual([])
  },
)
