import { createBell } from '../../core/bell.ts'
import type { SourceHost } from '../../core/component.ts'
import type { Batch } from '../../core/contracts/index.ts'
import { sleep } from '../../core/sleep.ts'
import { keyOf, readEntry } from './entry.ts'
import { type Prepared, prepare } from './prepare.ts'
import { createTracker, type Tracked, type TrackerOptions, wantsReading } from './tracker.ts'
import { createWatcher } from './watch.ts'

export interface ReaderOptions extends TrackerOptions {
  /** How often files are looked at where no hint of a change comes. Milliseconds. */
  readonly pollMs: number
  /** What tells of changes. Default: the platform, as far as it does. */
  readonly watcher?: typeof createWatcher
}

/** What travels together. */
const batchFiles = 64
const batchBytes = 8_388_608
/** Files that are opened at the same time: most of it is waiting for the disk. */
const filesAtOnce = 8
/** Files that may be open at the same time, in batches that are not yet settled. */
const mostUnsettled = 4 * batchFiles
/** How often folders are listed. Milliseconds. */
const listMs = 1_000
/** Looking takes at most this part of the time, whatever the number of files: one twentieth. */
const rest = 20
/** After a look there is a pause for as long as it took, and no less than this: changes meanwhile are taken together. Milliseconds. */
const pauseMs = 2
const longestPauseMs = 100
/** Where nobody waits for more, a file that cannot be read is left to the next run after so many tries. */
const mostFailures = 4

interface Member extends Prepared {
  readonly file: Tracked
}

/** The files that match, in batches, until `signal` aborts or all is read (`once`). */
export async function* readFiles(host: SourceHost, options: ReaderOptions, signal: AbortSignal): AsyncGenerator<Batch> {
  const tracker = await createTracker(host, options)
  const bell = createBell()
  const hinted = new Set<string>()
  const unsettled = new Set<Member>()
  let listHinted = false
  let listAt = 0
  let pollAt = 0
  let turn = 0
  const watcher = options.once
    ? undefined
    : (options.watcher ?? createWatcher)((path, listing) => {
        hinted.add(path)
        listHinted ||= listing
        // What is read is looked at when it was.
        if (listing || !tracker.files.get(path)?.busy) bell.ring()
      })

  /** Brings what is known of the files up to date, as far as that is due. */
  async function refresh(): Promise<void> {
    const started = performance.now()
    const paths = [...hinted].filter((path) => !tracker.files.get(path)?.busy)
    for (const path of paths) hinted.delete(path)
    await tracker.look(paths.filter((path) => tracker.files.has(path)))
    if (started >= pollAt) {
      if (pollAt > 0 && !options.once) await tracker.look(tracker.due())
      pollAt = nextTime(started, options.pollMs)
    }
    if (started >= listAt || (listHinted && started >= listAt - listMs + 100)) {
      listHinted = false
      const folders = await tracker.list()
      watcher?.follow(folders)
      listAt = options.once ? Number.POSITIVE_INFINITY : nextTime(started, listMs)
    }
    await tracker.recognise()
  }

  /** True while nothing but this file waits to be read, or for being taken, and no other file has come into its place. */
  const isAlone = ({ path, stat, entry }: Tracked) =>
    !(signal.aborted || options.once || listHinted) &&
    unsettled.size === 1 &&
    stat.hint === entry?.hint &&
    [...hinted].every((one) => one === path)

  /** Prepares a file; undefined when there is nothing of it to deliver, now. */
  async function enter(file: Tracked): Promise<Member | undefined> {
    try {
      const prepared = await prepare(file, host, () => isAlone(file))
      if (prepared === 'nothing') file.look = false
      else if (prepared === 'changed') {
        await tracker.look([file.path])
        tracker.release(file)
        if (file.failures > 0) tracker.retryLater(file)
        else file.failures = 1
      } else {
        file.busy = true
        return { ...prepared, file }
      }
    } catch (error) {
      tracker.failed(file, error)
    }
    return undefined
  }

  async function gather(): Promise<Batch | undefined> {
    if (unsettled.size >= mostUnsettled) return undefined
    const members: Member[] = []
    let bytes = 0
    const ready = tracker.ready()
    for (let at = 0; at < ready.length; at += filesAtOnce) {
      if (signal.aborted || members.length >= batchFiles || bytes >= batchBytes) break
      const some = ready.slice(at, at + filesAtOnce)
      for (const member of await Promise.all(some.map(enter))) {
        if (!member) continue
        member.file.turn = ++turn
        members.push(member)
        bytes += member.bytes
      }
    }
    if (members.length === 0) return undefined
    for (const member of members) unsettled.add(member)
    return { deliveries: members.map((member) => member.delivery), settle: (failed) => settle(members, failed) }
  }

  async function settle(members: readonly Member[], failed: ReadonlySet<string>): Promise<void> {
    for (const { file, delivery } of members) {
      const before = file.entry!
      const stored = await host.state.get(keyOf(host.name, delivery.origin))
      // The state is the truth: the engine may have come halfway, or nowhere.
      const entry = (stored === undefined ? undefined : readEntry(stored)) ?? before
      const moved = entry.offset > before.offset || entry.complete
      tracker.hold(file, entry)
      file.busy = false
      file.look = true
      if (failed.has(delivery.id) || !moved) tracker.retryLater(file)
      else file.failures = 0
    }
    await close(members)
    bell.ring()
  }

  async function close(members: Iterable<Member>): Promise<void> {
    for (const member of members) {
      unsettled.delete(member)
      await member.lease.release()
    }
  }

  function isDone(): boolean {
    if (unsettled.size > 0) return false
    return ![...tracker.files.values()].some((file) => {
      if (!file.look || (file.entry && !wantsReading(file))) return false
      if (file.failures < mostFailures) return true
      host.log({
        level: 'error',
        code: 'SOURCE_FAILED',
        message: `${host.name}: ${file.name} is left to the next run.`,
      })
      file.look = false
      return false
    })
  }

  try {
    while (!signal.aborted) {
      const started = performance.now()
      await refresh()
      const batch = signal.aborted ? undefined : await gather()
      if (batch) yield batch
      else if (options.once && isDone()) return
      else if (!signal.aborted) {
        if (!options.once) await sleep(Math.min(Math.max(pauseMs, performance.now() - started), longestPauseMs), signal)
        await bell.wait(signal, Math.max(1, Math.min(pollAt, listAt) - performance.now()))
      }
    }
  } finally {
    watcher?.close()
    await close([...unsettled])
  }
}

const nextTime = (started: number, interval: number) =>
  performance.now() + Math.max(interval, (performance.now() - started) * rest)
