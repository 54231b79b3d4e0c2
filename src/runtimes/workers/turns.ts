/** A few places, and work that waits for them. */
export interface Turns<P> {
  /** Resolves with a place. Lanes take turns, whatever each has waiting; within a lane the first comes first. */
  take(lane: string): Promise<P>
  give(place: P): void
}

/**
 * Shares places fairly: who waits in a lane of its own is served after at most one piece of work of each other lane, and the
 * ones that have their places already.
 */
export function createTurns<P>(places: readonly P[]): Turns<P> {
  const free = [...places]
  /** Lane → who waits in it. Whose turn it is comes first. */
  const lanes = new Map<string, ((place: P) => void)[]>()
  return {
    take: (lane) =>
      new Promise((resolve) => {
        if (free.length > 0) return resolve(free.shift()!)
        const waiting = lanes.get(lane)
        if (waiting) waiting.push(resolve)
        else lanes.set(lane, [resolve])
      }),
    give(place) {
      const [turn] = lanes
      if (!turn) {
        free.push(place)
        return
      }
      const [lane, waiting] = turn
      lanes.delete(lane)
      const next = waiting.shift()!
      if (waiting.length > 0) lanes.set(lane, waiting)
      next(place)
    },
  }
}
