import { flags } from './outline.ts'
import { type Memory, createMemory, page } from './wasm.ts'

/** Where things lie in the memory, in bytes; wasm/walk.ts knows the same of what it reads and writes. */
const slotsAt = 64
const learnedAt = 16_384
const inputAt = learnedAt + 4 * 1_048_576
/** What is behind the input ends any walk. */
const padding = 64

/** Words of a place and of a key. */
const place = { flags: 0, firstKey: 1, next: 3, size: 13 }
const key = { length: 0, neighbour: 1, flags: 3, next: 4, name: 14, size: 15 }

/** The memory of a walk: what was learned of outlines, and the bytes that are walked over. */
export interface Store {
  readonly memory: Memory
  /** Each of these answers where it lies; undefined when the memory is full. */
  place(flags: number): number | undefined
  key(of: number, name: string, flags: number): number | undefined
  hasKey(of: number, name: string): boolean
  crowd(of: number): void
  /** What comes behind a value of this kind. `by`: its key, if it has one. */
  link(from: number, by: number | undefined, kind: number, to: number): void
  /** Takes bytes; answers where they begin. Undefined when they are too many. */
  input(bytes: Uint8Array): number | undefined
  /** What a walk tells, by number. */
  word(n: number): number
  /** Where a text or a number begins, and where it ends. */
  slot(n: number, end: 0 | 1): number
  bytes(from: number, to: number): Uint8Array
}

/** Copies bytes to a place in others. */
export type Copy = (from: Uint8Array, to: Uint8Array, at: number) => void

/** `mostInput`: bytes that are walked over at once, at most. */
export function createStore(mostInput: number, copy: Copy): Store {
  const pages = (bytes: number) => Math.ceil(bytes / page)
  const memory = createMemory(pages(inputAt + 262_144), pages(inputAt + mostInput + padding))
  const encoder = new TextEncoder()
  let bytes = new Uint8Array(memory.buffer)
  let words = new Uint32Array(memory.buffer)
  let free = learnedAt

  function take(size: number): number | undefined {
    const at = free
    if (at + size > inputAt) return undefined
    // Names are compared in blocks.
    free += Math.ceil(size / 16) * 16
    return at
  }

  const nameOf = (at: number) => {
    const from = words[at / 4 + key.name]!
    return bytes.subarray(from, from + words[at / 4 + key.length]!)
  }

  return {
    memory,
    place(given) {
      const at = take(place.size * 4)
      if (at !== undefined) words[at / 4 + place.flags] = given
      return at
    },
    key(of, name, given) {
      const encoded = encoder.encode(`${name}"`)
      const at = take(key.size * 4)
      const text = take(encoded.length)
      if (at === undefined || text === undefined) return undefined
      bytes.set(encoded, text)
      const word = at / 4
      words[word + key.length] = encoded.length
      words[word + key.flags] = given
      words[word + key.name] = text
      words[word + key.neighbour] = words[of / 4 + place.firstKey]!
      words[of / 4 + place.firstKey] = at
      return at
    },
    hasKey(of, name) {
      const wanted = encoder.encode(`${name}"`)
      for (let at = words[of / 4 + place.firstKey]!; at !== 0; at = words[at / 4 + key.neighbour]!) {
        const known = nameOf(at)
        if (known.length === wanted.length && known.every((byte, n) => byte === wanted[n])) return true
      }
      return false
    },
    crowd(of) {
      words[of / 4 + place.flags]! |= flags.isCrowded
    },
    link(from, by, kind, to) {
      words[by === undefined ? from / 4 + place.next + kind : by / 4 + key.next + kind] = to
    },
    input(given) {
      const end = inputAt + given.length + padding
      if (given.length > mostInput) return undefined
      if (end > bytes.length) {
        memory.grow(pages(end - bytes.length))
        bytes = new Uint8Array(memory.buffer)
        words = new Uint32Array(memory.buffer)
      }
      copy(given, bytes, inputAt)
      bytes.fill(0x0a, inputAt + given.length, end)
      return inputAt
    },
    word: (n) => words[n]!,
    slot: (n, end) => words[slotsAt / 4 + 2 * n + end]!,
    bytes: (from, to) => bytes.subarray(from, to),
  }
}
