import { readFileSync, rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runEmbedded } from './run/embedded.ts'
import { functionsOf, type Functions, runOnLambda } from './run/lambda.ts'
import { type Ground, openGround } from './run/place.ts'
import { openScenario, scenarioNames } from './run/scenario.ts'
import { crashAt, failingReads } from './run/trouble.ts'

/** All scenarios, and every crash there can be in small ones: `STREAMALERT_AWS=1 npx vitest run scenarios/scenarios.test.ts`. */
const isAsked = process.env['STREAMALERT_AWS'] === '1'

/** What was sent, each once and by its text; `npx vitest run scenarios -u` writes what is expected anew. */
const textOf = (sent: readonly string[]) => `${[...new Set(sent)].toSorted().join('\n')}\n`

/** Without what says when an alert was stored: after a crash, that is later. */
const timeless = (text: string) => text.replaceAll(/"createdAt":"[^"]*"/g, '"createdAt":""')

describe.each(
  scenarioNames()
    .map(openScenario)
    .filter(({ always }) => always || isAsked),
)('$name', (scenario) => {
  let ground: Ground
  let functions: Functions
  beforeAll(async () => {
    ground = await openGround(scenario)
    functions = await functionsOf(scenario)
  })
  afterAll(async () => {
    await ground[Symbol.asyncDispose]()
    rmSync(scenario.projectDir, { recursive: true })
  })

  test('embedded: sends each alert once', async () => {
    const run = await ground.run()
    await runEmbedded(run)
    const sent = run.sent()
    expect(new Set(sent).size).toBe(sent.length)
    await expect(textOf(sent)).toMatchFileSnapshot(scenario.expected)
  })

  test('on AWS: the same bytes, though all is announced twice, reads fail, and two send', async () => {
    const run = await ground.run()
    await runOnLambda(functions, run, { times: 2, senders: 2, around: failingReads() })
    const sent = run.sent()
    expect(new Set(sent).size).toBe(sent.length)
    await expect(textOf(sent)).toMatchFileSnapshot(scenario.expected)
  })

  test.runIf(isAsked && scenario.always)(
    'on AWS: the same alerts, wherever a function ends',
    { timeout: 1_200_000 },
    async () => {
      const expected = timeless(readFileSync(scenario.expected, 'utf8'))
      const whole = crashAt(0, 'before')
      await runOnLambda(functions, await ground.run(), whole)
      for (let nth = 1; nth <= whole.steps(); nth++) {
        for (const when of ['before', 'after'] as const) {
          const run = await ground.run()
          await runOnLambda(functions, run, crashAt(nth, when))
          expect(timeless(textOf(run.sent())), `${when} step ${nth}`).toBe(expected)
        }
      }
    },
  )
})
