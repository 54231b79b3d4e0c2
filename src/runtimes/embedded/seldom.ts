/**
 * Reads what may be dear to read: anew at most every `everyMs`, and so rarely that reading takes at most a fiftieth of the
 * time. Answers what was read last.
 */
export function seldom<T>(read: () => Promise<T>, now: () => number, everyMs: number): () => Promise<T> {
  let last: { readonly value: Promise<T>; next: number } | undefined
  return () => {
    const startedAt = now()
    if (last && startedAt < last.next) return last.value
    const value = read()
    const reading = { value, next: Number.POSITIVE_INFINITY }
    last = reading
    const plan = () => (reading.next = now() + Math.max(everyMs, 50 * (now() - startedAt)))
    value.then(plan, plan)
    return value
  }
}
