import type { StateEntry } from '../../core/contracts/index.ts'
import type { SpoolOptions } from './options.ts'

/**
 * What the engine has done of a segment, in the state store: `<segment>/<offset>` for each delivery, written together with
 * its results; `<segment>/to` once all before that offset is done.
 */
export interface SpoolState {
  /** The checkpoint of the delivery whose first byte lies at `at`. */
  entry(segment: string, at: number, complete: boolean): StateEntry
  /** Segment → what is done of it. */
  load(): Promise<ReadonlyMap<string, Done>>
  /** Says that all before `to` is done, in place of the entries of the deliveries at `ats`. */
  join(segment: string, to: number, ats: readonly number[]): Promise<void>
  forget(segment: string): Promise<void>
}

export interface Done {
  /** All before this offset. */
  to: number
  /** Deliveries behind it, by the offset of their first byte. */
  readonly at: Set<number>
}

export function stateOf({ source, state }: Pick<SpoolOptions, 'source' | 'state'>): SpoolState {
  const prefix = `spool/${source}/`
  return {
    entry: (segment, at, complete) => ({ key: `${prefix}${segment}/${at}`, value: complete ? 'done' : 'begun' }),
    async load() {
      const segments = new Map<string, Done>()
      for (const { key, value } of await state.list(prefix)) {
        const [segment = '', at] = key.slice(prefix.length).split('/')
        const done: Done = segments.get(segment) ?? { to: 0, at: new Set() }
        segments.set(segment, done)
        if (at === 'to') done.to = Number(value)
        else if (value === 'done') done.at.add(Number(at))
      }
      return segments
    },
    async join(segment, to, ats) {
      await state.set(`${prefix}${segment}/to`, String(to))
      await state.delete(ats.map((at) => `${prefix}${segment}/${at}`))
    },
    async forget(segment) {
      const entries = await state.list(`${prefix}${segment}/`)
      if (entries.length > 0) await state.delete(entries.map(({ key }) => key))
    },
  }
}
