/**
 * Feeds broken, odd and hostile input to splitting, classification and normalisation, with all built-in schemas.
 *
 *   npm run fuzz                      rounds until five minutes are over
 *   npm run fuzz -- --seconds 30
 *   npm run fuzz -- --rounds 1000     the same rounds each time
 *   npm run fuzz -- --seed 1234       this one round, to look at a failure
 *
 * Exit code 1 at the first broken promise, with the seed that shows it.
 */
import { parseArgs } from 'node:util'
import { check, createTarget } from './fuzz/check.ts'
import { extremes } from './fuzz/inputs.ts'
import { fuzzRound } from './fuzz/run.ts'

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '300' }, rounds: { type: 'string' }, seed: { type: 'string' } },
})
const target = createTarget()

if (values.seed === undefined) {
  for (const [name, bytes] of extremes(2_000_000)) attempt(name, () => check(target, bytes))
  const end = performance.now() + Number(values.seconds) * 1000
  const from = values.rounds === undefined ? Date.now() % 1e9 : 1
  const goesOn = (done: number) =>
    values.rounds === undefined ? performance.now() < end : done < Number(values.rounds)
  let rounds = 0
  for (; goesOn(rounds); rounds++) attempt(`--seed ${from + rounds}`, () => fuzzRound(target, from + rounds))
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
