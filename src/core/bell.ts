/** Wakes those who wait; rung while nobody waits, the next wait ends at once. */
export interface Bell {
  ring(): void
  /** Resolves when rung, when `signal` aborts, or after `milliseconds`. */
  wait(signal: AbortSignal, milliseconds?: number): Promise<void>
}

export function createBell(): Bell {
  let rung = false
  const waiting = new Set<() => void>()
  return {
    ring() {
      rung = waiting.size === 0
      for (const wake of waiting) wake()
    },
    async wait(signal, milliseconds) {
      if (!rung && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const end = () => {
            clearTimeout(timer)
            signal.removeEventListener('abort', end)
            waiting.delete(end)
            resolve()
          }
          const timer = milliseconds === undefined ? undefined : setTimeout(end, milliseconds)
          signal.addEventListener('abort', end)
          waiting.add(end)
        })
      }
      rung = false
    },
  }
}
