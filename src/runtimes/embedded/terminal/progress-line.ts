import { byteSize, plural, span, thousands } from '../../../core/text/quantity.ts'
import type { Tally } from './tally.ts'

/** How much was done by a time (epoch milliseconds). */
export interface Sample {
  readonly at: number
  readonly records: number
  readonly bytes: number
}

/** Rates are taken over this time, milliseconds: short enough to be current, long enough to be readable. */
const windowMs = 3_000

/** The samples that rates are taken from, with a new one. */
export function addSample(samples: readonly Sample[], sample: Sample): Sample[] {
  const enough = samples.findLastIndex(({ at }) => at <= sample.at - windowMs)
  return [...samples.slice(Math.max(0, enough)), sample]
}

/** Records and bytes a second. */
export function ratesOf(samples: readonly Sample[]): { readonly records: number; readonly bytes: number } {
  const [first, last] = [samples[0], samples.at(-1)]
  const seconds = first && last ? (last.at - first.at) / 1_000 : 0
  if (!first || !last || seconds <= 0) return { records: 0, bytes: 0 }
  return { records: (last.records - first.records) / seconds, bytes: (last.bytes - first.bytes) / seconds }
}

export interface ProgressState {
  readonly tally: Pick<Tally, 'records' | 'quarantined' | 'alerts' | 'bytes'>
  readonly rates: { readonly records: number; readonly bytes: number }
  readonly elapsedMs: number
  /** True once all that was there has been read. */
  readonly following: boolean
}

/** `reading  12,345 records · 6,200/s · 9.1 MB/s · 12 alerts · 3 not understood · 4.2 s` */
export function progressLine({ tally, rates, elapsedMs, following }: ProgressState): string {
  const read = tally.records + tally.quarantined
  const moving = rates.records >= 1
  return [
    `${following ? 'following' : 'reading'}  ${plural(read, 'record')}`,
    ...(moving ? [`${thousands(rates.records)}/s`, `${byteSize(rates.bytes)}/s`] : []),
    plural(tally.alerts, 'alert'),
    ...(tally.quarantined > 0 ? [`${thousands(tally.quarantined)} not understood`] : []),
    following ? 'Ctrl-C ends' : span(elapsedMs),
  ].join(' · ')
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const

/** What turns while there is work, and rests while there is none. */
export function spinner({ elapsedMs, following, rates }: ProgressState): string {
  if (following && rates.records < 1) return '●'
  return frames[Math.floor(elapsedMs / 100) % frames.length] ?? '●'
}
