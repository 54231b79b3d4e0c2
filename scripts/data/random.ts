/** Random choices that are the same on every run and machine, so that generated data can be committed and compared. */
export interface Random {
  /** 0 ≤ x < 1. */
  next(): number
  /** A whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number
  chance(probability: number): boolean
  pick<T>(items: readonly T[]): T
  /** One of the values, as often as its weight says. */
  weighted<T>(choices: readonly (readonly [weight: number, value: T])[]): T
  /** `length` characters of `alphabet`. */
  text(length: number, alphabet?: string): string
  hex(length: number): string
  uuid(): string
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The mulberry32 generator: 32 bits of state, good enough for test data and nothing else. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const integer = (min: number, max: number) => min + Math.floor(next() * (max - min + 1))
  const pick = <T>(items: readonly T[]): T => items[integer(0, items.length - 1)]!
  const text = (length: number, alphabet = letters) => {
    let made = ''
    while (made.length < length) made += alphabet[integer(0, alphabet.length - 1)]
    return made
  }
  const hex = (length: number) => text(length, '0123456789abcdef')
  return {
    next,
    integer,
    chance: (probability) => next() < probability,
    pick,
    weighted(choices) {
      let left = next() * choices.reduce((sum, [weight]) => sum + weight, 0)
      for (const [weight, value] of choices) {
        left -= weight
        if (left < 0) return value
      }
      return choices.at(-1)![1]
    },
    text,
    hex,
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${pick(['8', '9', 'a', 'b'])}${hex(3)}-${hex(12)}`,
  }
}
