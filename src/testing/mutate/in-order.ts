/** Passes on what comes in any order by its number, from 0: each as soon as all before it have come. */
export function inOrder<T>(pass: (value: T) => void): (n: number, value: T) => void {
  const waiting = new Map<number, T>()
  let next = 0
  return (n, value) => {
    waiting.set(n, value)
    while (waiting.has(next)) {
      const ready = waiting.get(next) as T
      waiting.delete(next++)
      pass(ready)
    }
  }
}
