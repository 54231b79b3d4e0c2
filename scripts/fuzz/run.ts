import { type Target, check, classifyAll } from './check.ts'
import { checkSkimming } from './skim.ts'
import { garbage, mutate } from './inputs.ts'
import { type Random, createRandom } from '../data/random.ts'

/** Runs one round; everything in it follows from the seed. Throws when a promise does not hold. */
export function fuzzRound(target: Target, seed: number): void {
  const random = createRandom(seed)
  const broken = random.chance(0.2) ? garbage(random) : mutate(random.pick(target.samples), random)
  check(target, broken)
  checkNeighbours(target, broken, random)
  const lines = Array.from({ length: 4 }, () => random.pick(target.jsonLines))
  checkSkimming(target.evaluations, join([...lines.slice(2), broken, ...lines]))
}

/**
 * JSON lines around a broken text are found and classified as without it, however broken it is, as long as it does not
 * itself open a value that they could be a part of.
 */
function checkNeighbours(target: Target, broken: Uint8Array, random: Random): void {
  const before = [random.pick(target.jsonLines), random.pick(target.jsonLines)]
  const after = [random.pick(target.jsonLines), random.pick(target.jsonLines)]
  const alone = classifyAll(target, join([...before, ...after]), 'json')
  const together = classifyAll(target, join([...before, broken, ...after]), 'json')
  for (const text of [...before, ...after]) {
    if (together.get(text.trim()) !== alone.get(text.trim()))
      throw new Error(`a neighbour is lost: ${text.slice(0, 80)}`)
  }
}

function join(parts: readonly (string | Uint8Array)[]): Uint8Array {
  const encoder = new TextEncoder()
  return Uint8Array.from(parts.flatMap((part) => [...(typeof part === 'string' ? encoder.encode(part) : part), 10]))
}
