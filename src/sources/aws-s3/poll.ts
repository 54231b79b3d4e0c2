import { createHash } from 'node:crypto'
import type { S3 } from '@aws-sdk/client-s3'
import type { SourceHost } from '../../core/component.ts'
import type { Batch, ReadOptions } from '../../core/contracts/index.ts'
import { sleep } from '../../core/sleep.ts'
import type { Connection } from '../aws/connect.ts'
import type { ObjectRef } from './events.ts'
import type { Objects } from './objects.ts'

export interface PollOptions {
  readonly bucket: string
  readonly prefix: string
  /** Milliseconds between two listings. */
  readonly everyMs: number
  /** How much earlier than the last listing an object may be dated and yet be new, milliseconds. */
  readonly overlapMs: number
  accepts(key: string): boolean
}

/** What is kept of a listing: `after`: all keys up to it are done. `since`: when the listing before this one began. */
interface Progress {
  readonly since: number
  readonly started: number
  readonly after?: string
}

interface Dated extends ObjectRef {
  readonly at: number
}

/** A group of objects on its way. */
interface Group {
  readonly objects: readonly Dated[]
  settled: boolean
}

const groupSize = 32
/** Where nobody waits for more, what failed is tried in so many listings. */
const mostListings = 4

/**
 * Lists what lies under a prefix again and again, and reads what is new, in the order of keys. A listing that was broken off goes
 * on where all before was done. What the listing before has read is left out; objects are dated when their upload began, so
 * those dated up to `overlapMs` before are remembered one by one.
 */
export async function* pollPrefix(
  options: PollOptions,
  objects: Objects,
  connection: Connection<S3>,
  host: SourceHost,
  { signal, once }: ReadOptions,
): AsyncGenerator<Batch> {
  const { bucket, prefix, everyMs, overlapMs, accepts } = options
  const progressKey = `${host.name}/poll`
  const seenPrefix = `${host.name}/seen/`
  const seenKey = ({ key, etag }: ObjectRef) =>
    seenPrefix + createHash('sha256').update(`${key} ${etag}`).digest('hex').slice(0, 32)

  for (let listings = 1; !signal.aborted; listings++) {
    const failed = yield* list(await progress())
    if (once && (!failed || listings >= mostListings)) return
    await sleep(failed ? Math.min(everyMs, 1_000) : everyMs, signal)
  }

  async function progress(): Promise<Progress> {
    const kept = await host.state.get(progressKey)
    const { since, started, after } = (kept === undefined ? {} : JSON.parse(kept)) as Partial<Progress>
    return { since: since ?? 0, started: started ?? host.now(), ...(after !== undefined && { after }) }
  }

  /** One listing. Answers whether something failed. */
  async function* list(begun: Progress): AsyncGenerator<Batch, boolean> {
    const seen = new Set((await host.state.list(seenPrefix)).map(({ key }) => key))
    const underWay: Group[] = []
    let reached = begun
    const outcome = { failures: false }

    /** Writes down what was done; the place moves on over all that is settled from the beginning. */
    async function settle(group: Group, anyFailed: boolean): Promise<void> {
      if (anyFailed) {
        outcome.failures = true
        return
      }
      group.settled = true
      for (const object of group.objects) await host.state.set(seenKey(object), String(object.at))
      while (underWay[0]?.settled) {
        const done = underWay.shift()!.objects
        reached = { ...reached, after: done.at(-1)!.key }
        await host.state.set(progressKey, JSON.stringify(reached))
        await host.state.delete(done.filter(({ at }) => at < begun.started - overlapMs).map(seenKey))
        await objects.forget(done)
      }
    }

    for await (const page of pages(begun.after)) {
      const wanted = page.filter((object) => object.at >= begun.since - overlapMs && !seen.has(seenKey(object)))
      for (let at = 0; at < wanted.length; at += groupSize) {
        const group: Group = { objects: wanted.slice(at, at + groupSize), settled: false }
        underWay.push(group)
        const found = await Promise.all(group.objects.map((object) => objects.deliveryOf(object)))
        const deliveries = found.filter((delivery) => delivery !== undefined)
        yield { deliveries, settle: (failed) => settle(group, failed.size > 0) }
        if (signal.aborted) return outcome.failures
      }
    }
    while (!signal.aborted && !outcome.failures && underWay.length > 0) await sleep(20, signal)
    if (signal.aborted || underWay.length > 0) return outcome.failures
    await host.state.set(progressKey, JSON.stringify({ since: begun.started }))
    const old = await host.state.list(seenPrefix)
    await host.state.delete(old.filter(({ value }) => Number(value) < begun.started - overlapMs).map(({ key }) => key))
    return outcome.failures
  }

  async function* pages(after: string | undefined): AsyncGenerator<readonly Dated[]> {
    let token: string | undefined
    do {
      const input = {
        Bucket: bucket,
        Prefix: prefix,
        ...(after !== undefined && { StartAfter: after }),
        ...(token !== undefined && { ContinuationToken: token }),
      }
      const found = await connection
        .call((s3) => s3.listObjectsV2(input, { abortSignal: signal }))
        .catch((error: unknown) => {
          if (!signal.aborted) throw error
        })
      if (!found) return
      yield (found.Contents ?? []).flatMap(({ Key: key, ETag: etag, Size: size, LastModified: at }) =>
        key === undefined || key.endsWith('/') || !accepts(key)
          ? []
          : [{ bucket, key, etag: (etag ?? '').replaceAll('"', ''), size: size ?? 0, at: at?.getTime() ?? 0 }],
      )
      token = found.IsTruncated ? found.NextContinuationToken : undefined
    } while (token !== undefined && !signal.aborted)
  }
}
