import type { Kinesis, Shard } from '@aws-sdk/client-kinesis'
import type { Connection } from '../aws/connect.ts'

/** Every shard that the stream still knows, open or closed. */
export async function listShards(
  connection: Connection<Kinesis>,
  stream: string,
  signal: AbortSignal,
): Promise<Shard[]> {
  const shards: Shard[] = []
  let token: string | undefined
  do {
    // With a token, the stream may not be named.
    const input = token === undefined ? { StreamName: stream } : { NextToken: token }
    const found = await connection.call((kinesis) => kinesis.listShards(input, { abortSignal: signal }))
    shards.push(...(found.Shards ?? []))
    token = found.NextToken
  } while (token !== undefined)
  return shards
}

/**
 * Of all shards, by id, those that may be read: not read to their end, and their parents (the shard that was split, the two that
 * were merged) read to theirs, so that the records of a key come in their order.
 */
export function readable(shards: readonly Shard[], isEnded: (id: string) => boolean): readonly string[] {
  const known = new Set(shards.map(({ ShardId }) => ShardId))
  const done = (parent: string | undefined) => parent === undefined || !known.has(parent) || isEnded(parent)
  return shards
    .filter(({ ShardId, ParentShardId, AdjacentParentShardId }) => {
      return ShardId !== undefined && !isEnded(ShardId) && done(ParentShardId) && done(AdjacentParentShardId)
    })
    .map(({ ShardId }) => ShardId!)
}
