import { open } from 'node:fs/promises'
import type { Batch, Delivery, ReadOptions } from '../../core/contracts/index.ts'
import type { Bell } from '../../core/bell.ts'
import { keepAside } from './damage.ts'
import { deliveryOf } from './deliver.ts'
import type { SpoolOptions } from './options.ts'
import type { Segment } from './segments.ts'
import type { Shelf } from './shelf.ts'
import { type Done, stateOf } from './state.ts'
import { type Damage, isDamage, walk } from './walk.ts'
import { openWindow } from './window.ts'

/** What travels together, at most: bytes and deliveries. */
const batchBytes = 8_388_608
const batchDeliveries = 1_024
/** Deliveries of a segment that are done, before one entry of the state stands for all. */
const mostDone = 256
/** Age and expiry are looked at so often. Milliseconds. */
const sweepMs = 60_000
/** A delivery that failed comes again after so long, doubled each time up to the second. Milliseconds. */
const firstRetry = 100
const longestRetry = 30_000
/** Where nobody waits for more, a delivery is left to the next run after so many tries. */
const mostTries = 5

/** How far a segment has been read. */
interface Progress {
  next: number
  readonly done: Done
  readonly again: Map<string, { readonly delivery: Delivery; readonly at: number; tries: number; due: number }>
}

export interface ReaderOptions {
  readonly options: SpoolOptions
  readonly shelf: Shelf
  readonly done: ReadonlyMap<string, Done>
  readonly bell: Bell
  /** True once nothing more will be appended. */
  ended(): boolean
  /** Told when room became free. */
  freed(): void
}

/** Batches of what is appended, the oldest segment first, until `signal` aborts or nothing is left and nothing will come. */
export async function* readSpool(given: ReaderOptions, { signal, once }: ReadOptions): AsyncGenerator<Batch> {
  const { options, shelf, bell, freed } = given
  const { now } = options
  const state = stateOf(options)
  const progress = new WeakMap<Segment, Progress>()
  let sweptAt = Number.NEGATIVE_INFINITY

  function progressOf(segment: Segment): Progress {
    const known = progress.get(segment)
    if (known) return known
    const done = given.done.get(segment.name) ?? { to: 0, at: new Set<number>() }
    const begun = { next: done.to, done, again: new Map() }
    segment.settledTo = done.to
    progress.set(segment, begun)
    return begun
  }

  /** The next deliveries of a segment that is not busy. */
  async function gather(segment: Segment): Promise<readonly Delivery[]> {
    const own = progressOf(segment)
    const due = [...own.again.values()].filter((one) => one.due <= now())
    if (due.length > 0) return due.map(({ delivery }) => delivery)
    const deliveries: Delivery[] = []
    const { size } = segment
    const end = Math.min(size - own.next, batchBytes)
    if (end <= 0) return deliveries
    const handle = await open(segment.path, 'r')
    try {
      const window = openWindow(handle, size, end)
      const from = own.next
      for await (const found of walk(window, segment.marker, from, size)) {
        own.next = isDamage(found) ? found.to : found.end
        if (isDamage(found)) {
          if (!own.done.at.has(found.from)) await giveUp(segment, { ...found, records: 1 })
          continue
        }
        for (const section of found.sections) {
          if (own.done.at.has(section.at)) continue
          const delivery = await deliveryOf(options, segment, found, section, window)
          if (delivery) deliveries.push(delivery)
          else await giveUp(segment, { from: section.at, to: section.at + section.bytes, records: section.records })
        }
        if (own.next - from >= batchBytes || deliveries.length >= batchDeliveries) break
      }
    } finally {
      await handle.close()
    }
    return deliveries
  }

  /** Keeps a damaged stretch aside, once. */
  async function giveUp(segment: Segment, stretch: Damage & { readonly records: number }): Promise<void> {
    await keepAside(options, segment, stretch)
    const { key, value } = state.entry(segment.name, stretch.from, true)
    await options.state.set(key, value)
    progressOf(segment).done.at.add(stretch.from)
  }

  async function settle(segment: Segment, deliveries: readonly Delivery[], failed: ReadonlySet<string>): Promise<void> {
    const own = progressOf(segment)
    for (const delivery of deliveries) {
      const at = placeOf(delivery)
      if (failed.has(delivery.id)) {
        const tries = (own.again.get(delivery.id)?.tries ?? 0) + 1
        const due = now() + Math.min(firstRetry * 2 ** (tries - 1), longestRetry)
        own.again.set(delivery.id, { delivery, at, tries, due })
      } else {
        own.again.delete(delivery.id)
        own.done.at.add(at)
      }
    }
    if (own.again.size === 0 && own.done.at.size >= mostDone && own.next < segment.size) {
      await state.join(segment.name, own.next, [...own.done.at])
      own.done.to = own.next
      own.done.at.clear()
    }
    segment.busy = false
    await finish(segment)
    bell.ring()
  }

  /** Removes a segment that is read to its end and will not grow. */
  async function finish(segment: Segment): Promise<void> {
    const own = progressOf(segment)
    if (segment.busy || own.again.size > 0) return
    segment.settledTo = own.next
    if (shelf.active === segment || own.next < segment.size || !shelf.segments.has(segment)) return
    await shelf.finish(segment)
    freed()
  }

  async function nextBatch(): Promise<Batch | undefined> {
    for (const segment of shelf.segments) {
      if (segment.busy) continue
      segment.busy = true
      let deliveries: readonly Delivery[] = []
      try {
        deliveries = await gather(segment)
      } finally {
        if (deliveries.length === 0) segment.busy = false
      }
      if (deliveries.length > 0) return { deliveries, settle: (failed) => settle(segment, deliveries, failed) }
      await finish(segment)
    }
    return undefined
  }

  /** Nothing is with the engine, and nothing waits but what has failed too often. */
  const isDone = () =>
    [...shelf.segments].every((segment) => {
      const { next, again } = progressOf(segment)
      return !segment.busy && next >= segment.size && [...again.values()].every(({ tries }) => tries >= mostTries)
    })

  const untilRetry = () =>
    Math.min(
      sweepMs,
      ...[...shelf.segments]
        .filter(({ busy }) => !busy)
        .flatMap((segment) => [...progressOf(segment).again.values()].map(({ due }) => Math.max(1, due - now()))),
    )

  while (!signal.aborted) {
    if (now() - sweptAt >= sweepMs) {
      sweptAt = now()
      await shelf.sweep()
      freed()
    }
    const batch = await nextBatch()
    if (batch) yield batch
    else if ((once || given.ended()) && isDone()) return
    else await bell.wait(signal, untilRetry())
  }
}

/** The offset of a delivery's first byte in its segment. */
const placeOf = ({ id }: Delivery) => Number(id.slice(id.lastIndexOf('#') + 1))
