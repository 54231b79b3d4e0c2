import type { StateStore } from '../contracts/index.ts'

/** What an engine knew of its sources when it last wrote it down. */
export interface SourcesReport {
  /** Epoch milliseconds. */
  readonly at: number
  /** By `kind:name`. */
  readonly sources: Readonly<Record<string, SourceReport>>
}

export interface SourceReport {
  /** `retrying`: it failed, and is tried again. `ended`: nothing more comes of it. */
  readonly state: 'reading' | 'retrying' | 'ended'
  /** Since when it is so, epoch milliseconds. */
  readonly since: number
  /** Records a second, over the last minute. */
  readonly rate: number
  /** When its last records were stored, epoch milliseconds. */
  readonly lastRecord?: number
  /** The latest event time of them, epoch milliseconds. */
  readonly lastEvent?: number
  /** What waits to be read, where the source can tell. */
  readonly lag?: { readonly bytes?: number; readonly items?: number }
  /** How often it failed, or a delivery of it, since the state was made. */
  readonly errors: number
  /** The last failure, cut to some hundred characters. */
  readonly error?: { readonly code: string; readonly message: string; readonly at: number }
}

/** State entry: the latest report, as JSON. */
export const sourcesKey = 'sources:report'

/** Undefined: no engine has written one yet. */
export async function readSources(state: Pick<StateStore, 'get'>): Promise<SourcesReport | undefined> {
  const text = await state.get(sourcesKey)
  return text === undefined ? undefined : (JSON.parse(text) as SourcesReport)
}
