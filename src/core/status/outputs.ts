import type { Overview, Store } from '../contracts/index.ts'
import { circuitPrefix, type OpenCircuit } from '../dispatch/index.ts'

/** What became of the alerts to one output. */
export interface OutputLine {
  readonly output: string
  readonly sent: number
  readonly waiting: number
  readonly dead: number
  /** Told by digests, for its rate limit was reached. */
  readonly digested: number
  /** The last error of what waits or is dead. */
  readonly error?: string
  /** It failed too often in a row, and is left alone until then (ISO 8601). */
  readonly pausedUntil?: string
}

/** Output → the pause that the engine noted last. */
export async function readCircuits(store: Pick<Store, 'list'>): Promise<ReadonlyMap<string, OpenCircuit>> {
  const entries = await store.list(circuitPrefix)
  return new Map(entries.map(({ key, value }) => [key.slice(circuitPrefix.length), JSON.parse(value) as OpenCircuit]))
}

/** One line for each output, by name. Pauses that are over at `now` (epoch milliseconds) are left out. */
export function outputsOf(
  deliveries: Overview['deliveries'],
  circuits: ReadonlyMap<string, OpenCircuit>,
  now: number,
): OutputLine[] {
  const names = new Set([...deliveries.map(({ output }) => output), ...circuits.keys()])
  return [...names].toSorted().map((output) => {
    const own = deliveries.filter((one) => one.output === output)
    const count = (state: string) => own.find((one) => one.state === state)?.count ?? 0
    const circuit = circuits.get(output)
    const isOpen = circuit !== undefined && circuit.until > now
    const errorOf = (state: string) => own.find((one) => one.state === state)?.error
    const error = (isOpen ? circuit.error : undefined) ?? errorOf('pending') ?? errorOf('dead')
    return {
      output,
      ...{ sent: count('sent'), waiting: count('pending'), dead: count('dead'), digested: count('digested') },
      ...(error !== undefined && { error }),
      ...(isOpen && { pausedUntil: new Date(circuit.until).toISOString() }),
    }
  })
}
