import { cpus, loadavg, totalmem } from 'node:os'

/** What is measured: work on a number of texts. */
export interface Case {
  readonly name: string
  readonly texts: number
  run(): void
}

/**
 * Processor time of each case, in nanoseconds per text: one figure a round. Cases take turns, so that a machine that slows down
 * slows all of them; the first rounds warm up and are not counted.
 */
export function measure(cases: readonly Case[], rounds: number): Map<string, readonly number[]> {
  const warmUp = 2
  const found = new Map<string, number[]>(cases.map(({ name }) => [name, []]))
  for (let round = -warmUp; round < rounds; round++) {
    for (const { name, texts, run } of cases) {
      const start = process.cpuUsage()
      run()
      const { user, system } = process.cpuUsage(start)
      if (round >= 0) found.get(name)!.push(((user + system) * 1000) / texts)
    }
  }
  return found
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}

/** How many times as long `of` takes as `to`: the median over the rounds, for both were measured side by side in each. */
export const ratio = (of: readonly number[], to: readonly number[]) =>
  rounded(median(of.map((value, round) => value / to[round]!)), 2)

export const rounded = (value: number, digits: number) => Number(value.toFixed(digits))

/** Where results were taken. */
export const machine = () => ({
  cpu: cpus()[0]?.model,
  cores: cpus().length,
  memory: totalmem(),
  node: process.version,
  platform: process.platform,
  /** What else it was doing: figures of a busy machine are worth little, ratios more. */
  load: loadavg()[0],
})
