import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { ParserUse } from '../core/contracts/index.ts'
import * as kinds from './index.ts'
import { parse } from './shared/testing.ts'

const guide = readFileSync(new URL('../../docs/parsers.md', import.meta.url), 'utf8')
const examples = [...guide.matchAll(/```example\n(.*)\n(.*)\n(.*)\n```/g)].map(
  ([, call, line, result]) => [call, line, result] as [string, string, string],
)

test.each(examples)('the guide is right about %s', (call, line, result) => {
  // oxlint-disable-next-line typescript/no-implied-eval -- the calls stand in our own guide
  const make = new Function(...Object.keys(kinds), `return ${call}`) as (...all: unknown[]) => ParserUse
  expect(parse(make(...Object.values(kinds)), line)).toEqual([JSON.parse(result)])
})

test('the guide has an example of every parser but those that need the head of a file', () => {
  const shown = (name: string) => examples.some(([call]) => call.includes(`${name}(`))
  const { parsers: _, ...declared } = kinds
  expect(Object.keys(declared).filter((name) => !shown(name))).toEqual(['w3c'])
})
