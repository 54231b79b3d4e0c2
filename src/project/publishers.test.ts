import { expect, test } from 'vitest'
import type { CodedError } from '../core/errors.ts'
import { definePublisher } from '../core/publisher.ts'
import { defineRule } from '../core/rule.ts'
import { withoutFields } from '../publishers/index.ts'
import type { Declared } from './modules.ts'
import { collectPublishers } from './publishers.ts'

const named = (name: string) => definePublisher({ name, description: 'For tests.', publish: (_, before) => before })
const declared = <T>(value: T, line = 1): Declared<T> => ({ value, file: '/x.ts', place: { file: 'x.ts', line } })
const ruleWith = (...publishers: Parameters<typeof named>[]) => ruleOf(publishers.map(([name]) => named(name)))
const ruleOf = (publishers: ReturnType<typeof named>[]) =>
  defineRule({ name: 'r', description: 'For tests.', severity: 'low', types: ['user'], match: () => true, publishers })

function collect(...given: Parameters<typeof collectPublishers> extends [...infer A, unknown] ? A : never) {
  const problems: CodedError[] = []
  const publishers = collectPublishers(...given, problems)
  return { names: [...publishers.keys()], problems: problems.map(({ code, message }) => `${code} ${message}`) }
}

test('the built-in ones, those of the project, and those that rules hold', () => {
  const { names, problems } = collect([declared(named('own'))], [declared(ruleWith(['of-rule']))], [])
  expect(names).toEqual(expect.arrayContaining(['slack-summary', 'own', 'of-rule']))
  expect(problems).toEqual([])
})

test('two of one name are a problem, unless they were made with the same arguments', () => {
  const one = declared(ruleOf([withoutFields('a'), named('twice')]))
  const other = declared(ruleOf([withoutFields('a'), named('blank')]), 2)
  expect(collect([declared(named('twice'))], [one, other], []).problems).toEqual([
    'PUBLISHER_INVALID There is another publisher "twice".',
    'PUBLISHER_INVALID There is another publisher "blank".',
  ])
})

test('a name in the configuration that no publisher has', () => {
  const output = { name: 'slack:security', publishers: ['slack-sumary', 'blank'], place: {} }
  expect(collect([], [], [output]).problems).toEqual([
    'CONFIG_UNKNOWN_NAME outputs.slack.security.publishers: there is no publisher "slack-sumary".',
  ])
})
