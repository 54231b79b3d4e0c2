import { type Leaf, type Place, createOutlines } from './outline.ts'
import { type Copy, createStore } from './store.ts'
import { walkModule } from './walk-module.ts'
import type { Wanted } from './wanted.ts'
import { compileModule, instantiate } from './wasm.ts'

/** Walks over records without building them. */
export interface Walk {
  /** Takes the bytes that the places below are in. False: they are too many. */
  load(bytes: Uint8Array): boolean
  /**
   * Walks over the object that opens at this place. Answers where its outline ends; undefined for what is no JSON, or is left to
   * `JSON.parse`: values nested deeper than 64 levels, line feeds between tokens, and what is more than can be learned.
   */
  over(at: number): Place | undefined
  /** Behind the object, after `over`. */
  end(): number
  /** Behind the value at this place; undefined as above. */
  skip(at: number): number | undefined
  /** Where the text (within its quotes) or number of a leaf begins and ends, after `over`. */
  from(leaf: Leaf): number
  to(leaf: Leaf): number
}

interface Exports {
  /** See wasm/walk.ts. */
  walk(start: number, from: number): number
  skip(at: number): number
}

/** What a walk tells when it meets something new; see wasm/walk.ts. */
const told = { end: 0, place: 1, key: 2, kind: 3, nameFrom: 4, nameTo: 5 } as const
const keyIsNew = 0xffff_ffff
const mostInput = 16 * 1_048_576

export function createWalk(root: Wanted, copy: Copy): Walk {
  const store = createStore(mostInput, copy)
  const outlines = createOutlines(root, store)
  const exports = instantiate(compileModule(walkModule), store.memory) as Exports
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let input = 0

  /** Learns what the walk met; false: it cannot be. */
  function learn(): boolean {
    const [place, key, kind] = [store.word(told.place), store.word(told.key), store.word(told.kind)]
    if (kind !== keyIsNew) return outlines.learnKind(place, key, kind)
    try {
      return outlines.learnKey(place, utf8.decode(store.bytes(store.word(told.nameFrom), store.word(told.nameTo))))
    } catch {
      // A name that is no UTF-8.
      return false
    }
  }

  return {
    load(bytes) {
      const at = store.input(bytes)
      input = at ?? 0
      return at !== undefined
    },
    over(at) {
      for (;;) {
        const place = exports.walk(outlines.start.at, input + at)
        if (place > 0) return outlines.placeAt(place)
        if (place === 0 || !learn()) return undefined
      }
    },
    end: () => store.word(told.end) - input,
    skip(at) {
      const end = exports.skip(input + at)
      return end === 0 ? undefined : end - input
    },
    from: ({ slot }) => store.slot(slot, 0) - input,
    to: ({ slot }) => store.slot(slot, 1) - input,
  }
}
