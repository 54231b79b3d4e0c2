import type { StateEntry } from '../../core/contracts/index.ts'
import type { SpoolOptions } from './options.ts'

/**
 * What the engine has done of a segment, in the state store: `<segment>/<offset>` for each delivery, written together with
 * its results; `<segment>/to` once all before that offset is done, with the time at which that was all of it.
 */
export interface SpoolState {
  /** The checkpoint of the delivery whose first byte lies at `at`. */
  entry(segment: string, at: number, complete: boolean): StateEntry
  /** Segment → what is done of it. */
  load(): Promise<ReadonlyMap<string, Done>>
  /** Says that all before `to` is done, in place of the entries of the deliveries at `ats`. */
  join(segment: string, to: number, ats: readonly number[]): Promise<void>
  /** Says that all of the segment was done at a time, epoch milliseconds. */
  finish(segment: string, size: number, at: number): Promise<void>
  forget(segment: string): Promise<void>
}

export interface Done {
  /** All before this offset. */
  to: number
  /** When that was all of the segment, epoch milliseconds. */
  finishedAt?: number
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
        if (at === 'to') {
          const [to, finishedAt] = value.split(' ').map(Number)
          done.to = to ?? 0
          if (finishedAt !== undefined) done.finishedAt = finishedAt
        }
        if (value === 'done') done.at.add(Number(at))
      }
      return segments
    },
    async join(segment, to, ats) {
      await state.set(`${prefix}${segment}/to`, String(to))
      await state.delete(ats.map((at) => `${prefix}${segment}/${at}`))
    },
    async finish(segment, size, at) {
      await state.set(`${prefix}${segment}/to`, `${size} ${at}`)
      const entries = await state.list(`${prefix}${segment}/`)
      await state.delete(entries.map(({ key }) => key).filter((key) => !key.endsWith('/to')))
    },
    async forget(segment) {
      const entries = await state.list(`${prefix}${segment}/`)
      if (entries.length > 0) await state.delete(entries.map(({ key }) => key))
    },
  }
}
