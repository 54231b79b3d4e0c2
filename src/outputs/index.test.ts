import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { outputs } from './index.ts'

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
