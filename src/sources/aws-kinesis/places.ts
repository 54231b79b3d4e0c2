import type { SourceHost } from '../../core/component.ts'

/** Up to where each shard was read: a sequence number, or `end`. */
export interface Places {
  load(): Promise<void>
  of(shard: string): string | undefined
  isEnded(shard: string): boolean
  /** Moves on; never back, whoever else reads the shard. */
  moveTo(shard: string, place: string): Promise<void>
  /** Forgets shards that the stream no longer knows. */
  keepOnly(shards: ReadonlySet<string>): Promise<void>
}

const end = 'end'

export function createPlaces({ name, state }: Pick<SourceHost, 'name' | 'state'>): Places {
  const prefix = `${name}/shard/`
  let places = new Map<string, string>()

  const isBefore = (one: string | undefined, other: string) =>
    one === undefined || (one !== end && (other === end || BigInt(one) < BigInt(other)))

  return {
    async load() {
      places = new Map((await state.list(prefix)).map(({ key, value }) => [key.slice(prefix.length), value]))
    },
    of: (shard) => places.get(shard),
    isEnded: (shard) => places.get(shard) === end,
    async moveTo(shard, place) {
      for (;;) {
        const kept = await state.get(prefix + shard)
        if (!isBefore(kept, place)) return
        if (!(await state.set(prefix + shard, place, { ifEquals: kept }))) continue
        places.set(shard, place)
        return
      }
    },
    async keepOnly(shards) {
      const old = [...places.keys()].filter((shard) => !shards.has(shard))
      if (old.length === 0) return
      await state.delete(old.map((shard) => prefix + shard))
      for (const shard of old) places.delete(shard)
    },
  }
}
