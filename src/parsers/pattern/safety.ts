import { type Automaton, buildAutomaton } from './automaton.ts'
import type { Node } from './syntax.ts'

/** Steps that checking one expression may take. */
const maxSteps = 3_000_000

/**
 * How the time of a backtracking match of the whole text can grow with the text's length: n^degree. Throws an Error with the
 * reason when it can grow exponentially, or when the expression is too large to tell.
 *
 * Backtracking tries every way in which an expression can read a text, so time follows ambiguity (Weber and Seidl, "On the
 * degree of ambiguity of finite automata", 1991). It is exponential exactly if some state can go back to itself by two ways
 * that read the same text, and polynomial if some loop can hand over to a later loop that reads the same text. To stay on
 * the safe side, repetitions with a limit count as if they had none: `x{2,9}` as `x+`, so that `(?:a|a){30}` is seen; and for the
 * degree `x?` as `x*`, so that `a?a?a?…` is.
 */
export function growthOf(root: Node): number {
  const budget = { steps: maxSteps }
  const plain = buildAutomaton(root, { optionalRepeats: false, writeOutChoices: false })
  if (canExplode(plain, budget))
    throw new Error('it can take exponential time: a repeated part can read the same text in two ways')
  return 1 + chainOf(buildAutomaton(root, { optionalRepeats: true, writeOutChoices: true }), budget)
}

interface Budget {
  steps: number
}

function spend(budget: Budget): void {
  if (--budget.steps < 0) throw new Error('it is too large to be checked')
}

/** True when a state returns to itself by two ways on one text: two walks part, both within one loop, and meet again. */
function canExplode({ sets, next, both }: Automaton, budget: Budget): boolean {
  const component = componentsOf(next)
  const inLoop = (from: number, to: number) => component[from] === component[to]
  for (const [state, after] of next.entries()) {
    for (const [target, ways] of after) if (ways > 1 && inLoop(state, target)) return true
  }
  const seen = new Set<number>()
  const open: [number, number][] = next.map((_, state) => [state, state])
  for (let pair = open.pop(); pair; pair = open.pop()) {
    const [left, right] = pair
    for (const a of (next[left] as ReadonlyMap<number, number>).keys()) {
      if (!inLoop(left, a)) continue
      for (const b of (next[right] as ReadonlyMap<number, number>).keys()) {
        spend(budget)
        if (!inLoop(right, b) || both(sets[a] as number, sets[b] as number) === 0) continue
        if (a === b) {
          if (left !== right) return true
          continue
        }
        const key = a * sets.length + b
        if (seen.has(key)) continue
        seen.add(key)
        open.push([a, b])
      }
    }
  }
  return false
}

/** The longest chain of loops of which each can hand over to the next on a text that both read. */
function chainOf(automaton: Automaton, budget: Budget): number {
  const { next } = automaton
  const component = componentsOf(next)
  const loops = next.flatMap((after, state) =>
    after.has(state) || [...after.keys()].some((target) => component[target] === component[state]) ? [state] : [],
  )
  const reach = reachOf(next, loops)
  const reaches = (from: number, to: number) => reach.get(from)?.has(to) ?? false
  const lengths = new Map<number, number>()
  // Later loops first: what a loop can hand over to is then known.
  for (const from of loops.toSorted((a, b) => (reach.get(a)?.size ?? 0) - (reach.get(b)?.size ?? 0))) {
    let longest = 0
    for (const to of loops) {
      if (from === to || !reaches(from, to)) continue
      const beyond = lengths.get(component[to] as number) ?? 0
      if (component[to] === component[from]) longest = Math.max(longest, beyond)
      else if (beyond >= longest) {
        longest = Math.max(longest, beyond + (handsOver(automaton, component, from, to, reach, budget) ? 1 : 0))
      }
    }
    const own = component[from] as number
    lengths.set(own, Math.max(longest, lengths.get(own) ?? 0))
  }
  return Math.max(0, ...lengths.values())
}

/** True when one text leads from `p` to `p`, from `p` to `q`, and from `q` to `q`. */
function handsOver(
  { sets, next, both }: Automaton,
  component: readonly number[],
  p: number,
  q: number,
  reach: ReadonlyMap<number, ReadonlySet<number>>,
  budget: Budget,
): boolean {
  // The text ends with a character that enters both p and q.
  if (both(sets[p] as number, sets[q] as number) === 0) return false
  const size = sets.length
  const onTheWay = reach.get(p) as ReadonlySet<number>
  const seen = new Set<number>()
  const open: [number, number, number][] = [[p, p, q]]
  for (let triple = open.pop(); triple; triple = open.pop()) {
    for (const a of (next[triple[0]] as ReadonlyMap<number, number>).keys()) {
      if (component[a] !== component[p]) continue
      for (const c of (next[triple[2]] as ReadonlyMap<number, number>).keys()) {
        const shared = component[c] === component[q] ? both(sets[a] as number, sets[c] as number) : 0
        if (shared === 0) continue
        for (const b of (next[triple[1]] as ReadonlyMap<number, number>).keys()) {
          spend(budget)
          if (!onTheWay.has(b) || both(shared, sets[b] as number) === 0) continue
          if (a === p && b === q && c === q) return true
          const key = (a * size + b) * size + c
          if (seen.has(key)) continue
          seen.add(key)
          open.push([a, b, c])
        }
      }
    }
  }
  return false
}

type Next = readonly ReadonlyMap<number, number>[]

function reachOf(next: Next, from: readonly number[]): Map<number, Set<number>> {
  return new Map(
    from.map((start) => {
      const found = new Set<number>()
      const open = [start]
      for (let state = open.pop(); state !== undefined; state = open.pop()) {
        for (const target of (next[state] as ReadonlyMap<number, number>).keys()) {
          if (found.has(target)) continue
          found.add(target)
          open.push(target)
        }
      }
      return [start, found]
    }),
  )
}

/** State → number of its strongly connected component (Kosaraju, without recursion). */
function componentsOf(next: Next): number[] {
  const before: number[][] = next.map(() => [])
  for (const [state, after] of next.entries()) for (const target of after.keys()) before[target]?.push(state)
  const order: number[] = []
  const visited = new Set<number>()
  for (const start of next.keys()) {
    if (visited.has(start)) continue
    visited.add(start)
    const path = [{ state: start, rest: (next[start] as ReadonlyMap<number, number>).keys() }]
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const { value, done } = top.rest.next()
      if (done) order.push((path.pop() as typeof top).state)
      else if (!visited.has(value)) {
        visited.add(value)
        path.push({ state: value, rest: (next[value] as ReadonlyMap<number, number>).keys() })
      }
    }
  }
  const component = next.map(() => -1)
  for (const root of order.toReversed()) {
    const open = component[root] === -1 ? [root] : []
    for (let state = open.pop(); state !== undefined; state = open.pop()) {
      if (component[state] !== -1) continue
      component[state] = root
      open.push(...(before[state] as number[]))
    }
  }
  return component
}
