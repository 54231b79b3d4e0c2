/**
 * Feeds broken, odd and hostile input to splitting, classification and normalisation, with all built-in schemas.
 *
 *   npm run fuzz                      rounds until five minutes are over
 *   npm run fuzz -- --seconds 30
 *   npm run fuzz -- --seed 1234       this one round, to look at a failure
 *
 * Exit code 1 at the first broken promise, with the seed that shows it.
 */
import { parseArgs } from 'node:util'
import { check, createTarget } from './fuzz/check.ts'
import { extremes } from './fuzz/inputs.ts'
import { fuzzRound } from './fuzz/run.ts'

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '300' }, seed: { type: 'string' } } })
const target = createTarget()

if (values.seed === undefined) {
  for (const [name, bytes] of extremes(2_000_000)) attempt(name, () => check(target, bytes))
  const end = performance.now() + Number(values.seconds) * 1000
  let rounds = 0
  for (let seed = Date.now() % 1e9; performance.now() < end; seed++, rounds++)
    attempt(`--seed ${seed}`, () => fuzzRound(target, seed))
  process.stdout.write(`${rounds} rounds, nothing found\n`)
} else {
  fuzzRound(target, Number(values.seed))
  process.stdout.write('nothing found\n')
}

function attempt(name: string, run: () => void): void {
  try {
    run()
  } catch (error) {
    process.stderr.write(`${name}: ${error instanceof Error ? error.stack : String(error)}\n`)
    process.exit(1)
  }
}
