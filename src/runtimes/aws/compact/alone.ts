import { randomUUID } from 'node:crypto'
import type { Lake } from './lake.ts'

/** Milliseconds by which clocks of two functions may differ. */
const skewMs = 60_000

/**
 * Does the work unless another invocation of the same part is at it; answers whether it was done. Each says first that it is there
 * (`compact/running/<part>/<until>-<random>`) and looks then who else is: S3 lists what was written before, so of two at least one sees
 * the other, and whoever sees one steps back. Who was killed counts until its time would have been over. `until`: epoch milliseconds.
 */
export async function alone(
  lake: Lake,
  { part, now, until }: { readonly part: number; readonly now: number; readonly until: number },
  work: () => Promise<void>,
): Promise<boolean> {
  const prefix = `compact/running/${part}/`
  const own = `${prefix}${until}-${randomUUID()}`
  await lake.put(own, Buffer.from('running'))
  const gone = [own]
  try {
    const others = (await lake.list(prefix)).map(({ key }) => key).filter((key) => key !== own)
    const isRunning = (key: string) => Number(key.slice(prefix.length).split('-')[0]) + skewMs > now
    if (others.some(isRunning)) return false
    gone.push(...others)
    await work()
    return true
  } finally {
    await lake.remove(gone)
  }
}
