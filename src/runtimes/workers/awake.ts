/**
 * A clock that stands still while this process does, milliseconds: between two looks at most `mostMs` pass. AWS Lambda freezes a
 * function between two invocations, a machine may sleep; a worker that was frozen along with the one who watches it did not hang.
 */
export function createAwake(now: () => number, mostMs: number): () => number {
  let seen = now()
  let passed = 0
  return () => {
    const at = now()
    passed += Math.min(Math.max(at - seen, 0), mostMs)
    seen = at
    return passed
  }
}
