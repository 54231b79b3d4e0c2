import { hash } from 'node:crypto'
import { expect, test } from 'vitest'
import { json } from '../../parsers/index.ts'
import type { Frame, Mode, RuleModes } from '../contracts/index.ts'
import { unguarded } from '../evaluate/guard.ts'
import { compileRules } from '../evaluate/rules.ts'
import { createTally } from '../evaluate/tally.ts'
import { defineRule } from '../rule.ts'
import { defineSchema } from '../schema.ts'

const schema = defineSchema({ name: 'one', description: 'x', parse: json(), fields: { n: 'integer' } })
const base = { description: 'x', severity: 'low', schemas: [schema], match: () => true } as const
const rules = [defineRule({ ...base, name: 'declares', staged: true }), defineRule({ ...base, name: 'plain' })]
const item = {
  ...{ schema, data: { n: 1 }, envelope: undefined, normalised: () => undefined, time: 1, position: () => 'p#0' },
  text: () => '{}',
  number: 0,
}

/** The hits of both rules on one record. */
function hitsOf(mode: Mode, modes?: RuleModes) {
  const frame: Frame = {
    ...{ source: 's:s', cluster: 'c', origin: 'p', offset: 0, receivedAt: 0, mode, encoded: false },
    bytes: new Uint8Array(),
    ...(modes && { rules: modes }),
  }
  const set = compileRules(rules, (text) => hash('sha256', text))
  return set.evaluate(frame, [item], unguarded, createTally()).hits
}

const modes = (staged: string[], promoted: string[] = []): RuleModes => ({
  staged: new Set(staged),
  promoted: new Set(promoted),
})

test.each<[Mode, RuleModes | undefined, Mode, Mode]>([
  ['live', undefined, 'staged', 'live'],
  ['live', modes([]), 'live', 'live'],
  ['live', modes(['plain']), 'live', 'staged'],
  ['replay', modes(['plain']), 'replay', 'staged'],
  ['backtest', modes(['plain']), 'backtest', 'backtest'],
])('%s with %j', (mode, given, declares, plain) => {
  expect(hitsOf(mode, given).map((hit) => hit.mode)).toEqual([declares, plain])
})

test('a hit of a promoted rule says what it was called while the rule was staged', () => {
  const [before] = hitsOf('live', modes(['declares']))
  const [after, other] = hitsOf('live', modes([], ['declares']))
  expect(after!.id).not.toBe(before!.id)
  expect(after!.seenAs).toBe(before!.id)
  expect(other).not.toHaveProperty('seenAs')
})
