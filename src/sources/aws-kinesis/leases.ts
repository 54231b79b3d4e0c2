import type { SourceHost } from '../../core/component.ts'

/** Who reads a shard, as kept in the state. */
interface Lease {
  readonly owner: string
  /** Epoch milliseconds. */
  readonly until: number
}

/** The shards that one reader may read: each is read by one of those who share the state. */
export interface Leases {
  readonly mine: ReadonlySet<string>
  /**
   * Takes what is free of `shards`, up to a fair share, and keeps what it has. To be called several times within the time of a
   * lease. Those of its own that are not in `shards` have ended. Answers the shards that somebody else reads, who was seen alive.
   */
  renew(shards: readonly string[]): Promise<ReadonlySet<string>>
  /** Lets others have a shard; it is not taken again before `pauseMs` have passed. */
  release(shard: string, pauseMs: number): Promise<void>
  releaseAll(): Promise<void>
}

/**
 * Leases in the state store, by compare and set. A reader that is gone leaves its shards when its leases run out; one that came
 * gets its share when those who have more let go.
 */
export function createLeases(
  host: Pick<SourceHost, 'name' | 'state' | 'now'>,
  { owner, leaseMs }: { readonly owner: string; readonly leaseMs: number },
): Leases {
  const mine = new Set<string>()
  const notBefore = new Map<string, number>()
  /** Shard → when the lease of another runs out, as first seen. */
  const seen = new Map<string, number>()
  const keyOf = (shard: string) => `${host.name}/lease/${shard}`

  async function read(shard: string): Promise<{ text: string | undefined; lease: Lease | undefined }> {
    const text = await host.state.get(keyOf(shard))
    return { text, lease: text === undefined ? undefined : (JSON.parse(text) as Lease) }
  }

  async function take(shard: string, before: string | undefined): Promise<boolean> {
    const lease: Lease = { owner, until: host.now() + leaseMs }
    const taken = await host.state.set(keyOf(shard), JSON.stringify(lease), { ifEquals: before })
    if (taken) mine.add(shard)
    else mine.delete(shard)
    return taken
  }

  async function release(shard: string, pauseMs: number): Promise<void> {
    mine.delete(shard)
    notBefore.set(shard, host.now() + pauseMs)
    const { text, lease } = await read(shard)
    if (lease?.owner === owner)
      await host.state.set(keyOf(shard), JSON.stringify({ owner, until: 0 }), { ifEquals: text })
  }

  return {
    mine,
    release,
    async renew(shards) {
      const now = host.now()
      const ended = [...mine].filter((shard) => !shards.includes(shard))
      for (const shard of ended) mine.delete(shard)
      await host.state.delete(ended.map(keyOf))
      const alive = new Set<string>()
      const owners = new Set([owner])
      const free: { readonly shard: string; readonly text: string | undefined }[] = []
      for (const shard of shards) {
        const { text, lease } = await read(shard)
        if (lease?.owner === owner && lease.until > 0) {
          if (lease.until - now < leaseMs * 0.7) await take(shard, text)
          else mine.add(shard)
        } else if (!lease || lease.until <= now) {
          mine.delete(shard)
          if ((notBefore.get(shard) ?? 0) <= now) free.push({ shard, text })
        } else {
          mine.delete(shard)
          owners.add(lease.owner)
          if (lease.until !== (seen.get(shard) ?? lease.until)) alive.add(shard)
          if (!seen.has(shard)) seen.set(shard, lease.until)
        }
      }
      const share = Math.ceil(shards.length / owners.size)
      for (const { shard, text } of free.slice(0, Math.max(0, share - mine.size))) await take(shard, text)
      for (const shard of [...mine].slice(share)) await release(shard, leaseMs)
      return alive
    },
    async releaseAll() {
      for (const shard of mine) await release(shard, 0)
    },
  }
}
