import { stat } from 'node:fs/promises'
import type { SourceHost } from '../../core/component.ts'
import { messageOf } from '../../core/errors.ts'
import { type Stat, statOf } from './content.ts'
import { type Entry, isRead, keyOf, prefixOf, readEntry, writeEntry } from './entry.ts'
import { createFinder, projectPath } from './find.ts'
import { identify } from './identity.ts'

/** A file that the patterns match, as it was last seen. */
export interface Tracked {
  readonly path: string
  /** Project-relative path. */
  readonly name: string
  stat: Stat
  /** When it was last seen to change, epoch milliseconds. */
  changedAt: number
  /** It has not changed for a while, or nobody waits for more. */
  settled: boolean
  /** What it was recognised as. */
  entry: Entry | undefined
  /** What it was recognised as before it changed. */
  former: Entry | undefined
  /** Something changed since it was last looked into. */
  look: boolean
  /** A delivery of it is under way. */
  busy: boolean
  /** Not before this time, epoch milliseconds. */
  retryAt: number
  failures: number
  /** The listing that found it. */
  readonly listing: number
  /** Counts deliveries of the source: who waits longest comes first. */
  turn: number
}

export interface TrackerOptions {
  readonly paths: readonly string[]
  readonly exclude: readonly string[]
  /** A file that has not changed for so long is taken as it is, its unfinished last line too. Milliseconds. */
  readonly settleMs: number
  /** Nothing more is awaited: all files are taken as they are. */
  readonly once: boolean
}

/** A file that is gone is forgotten after this time: should it come back, it is read again. */
const forgetMs = 30 * 86_400_000
/** A rename may show its two halves in two looks; only then is a file called gone. */
const missingMs = 5_000
/** Files that changed within this time are looked at on every poll, the others in turns. */
const hotMs = 10_000
const turnSize = 256
const parallel = 32

/** Knows the files, what each of them is, and what was read of it. */
export type Tracker = Awaited<ReturnType<typeof createTracker>>

export async function createTracker(host: SourceHost, options: TrackerOptions) {
  const find = createFinder(host.projectDir, options.paths, options.exclude)
  const files = new Map<string, Tracked>()
  const entries = new Map<string, Entry>()
  const holders = new Map<string, Tracked>()
  /** Origins without a file, and since when. */
  const missing = new Map<string, { since: number; size: number }>()
  const reported = new Set<string>()
  /** Files that are told when what is being read is settled. */
  const blocked = new Set<Tracked>()
  let coldFrom = 0
  let listing = 0

  for (const { value } of await host.state.list(prefixOf(host.name))) {
    const entry = readEntry(value)
    if (entry) entries.set(entry.origin, entry)
  }

  function warn(key: string, code: string, message: string): void {
    if (reported.has(key)) return
    reported.add(key)
    host.log({ level: 'warn', code, message: `${host.name}: ${message}`, source: host.name })
  }

  function report(path: string, error: unknown): void {
    warn(
      path,
      'SOURCE_FAILED',
      `${projectPath(host.projectDir, path)} cannot be read and will be tried again: ${messageOf(error)}`,
    )
  }

  function hold(file: Tracked, entry: Entry): void {
    file.entry = entry
    entries.set(entry.origin, entry)
    holders.set(entry.origin, file)
    missing.delete(entry.origin)
    for (const other of blocked) other.look = true
    blocked.clear()
  }

  /** The file no longer stands for its entry; files that waited for that are looked at again. */
  function release(file: Tracked): void {
    const { entry } = file
    if (!entry) return
    file.entry = undefined
    file.former = entry
    file.look = true
    holders.delete(entry.origin)
    missing.set(entry.origin, { since: host.now(), size: file.stat.size })
    lookAgain()
  }

  function lookAgain(): void {
    for (const file of files.values()) if (!file.entry) file.look = true
  }

  /** Lists the folders. Answers those it looked into. */
  async function list(): Promise<ReadonlySet<string>> {
    const found = await find()
    listing++
    for (const { path, error } of found.problems) report(path, error)
    for (const glob of found.unmatched) {
      warn(
        `?${glob}`,
        'SOURCE_NOT_FOUND',
        `nothing to read matches ${glob} (relative paths start at ${host.projectDir}).`,
      )
    }
    const present = new Set(found.files)
    for (const file of files.values()) {
      if (present.has(file.path) || file.busy) continue
      release(file)
      files.delete(file.path)
    }
    await look(found.files.filter((path) => !files.has(path)))
    return found.folders
  }

  /** Looks at the state of files, some at a time. */
  async function look(paths: readonly string[]): Promise<void> {
    for (let at = 0; at < paths.length; at += parallel) {
      const some = paths.slice(at, at + parallel)
      const seen = await Promise.all(some.map(statSafely))
      for (const [n, path] of some.entries()) note(path, seen[n])
    }
  }

  async function statSafely(path: string): Promise<Stat | undefined> {
    try {
      return statOf(await stat(path, { bigint: true }))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') report(path, error)
      return undefined
    }
  }

  function note(path: string, seen: Stat | undefined): void {
    const file = files.get(path)
    const now = host.now()
    if (!seen) {
      // Gone, or something else than a file. The next listing tells.
      if (!file || file.busy) return
      release(file)
      files.delete(path)
    } else if (!file) {
      const name = projectPath(host.projectDir, path)
      const fresh = {
        entry: undefined,
        former: undefined,
        look: true,
        busy: false,
        retryAt: 0,
        failures: 0,
        turn: 0,
        settled: options.once,
        listing,
      }
      files.set(path, { path, name, stat: seen, changedAt: Math.min(now, seen.mtime), ...fresh })
    } else if (seen.size !== file.stat.size || seen.mtime !== file.stat.mtime || seen.hint !== file.stat.hint) {
      file.stat = seen
      file.changedAt = now
      file.settled = options.once
      file.look = true
    }
  }

  /** Of the files that are looked at without being told to: those that change, and a part of the others. */
  function due(): readonly string[] {
    const now = host.now()
    const all = [...files.values()]
    const hot = all.filter((file) => now - file.changedAt < hotMs)
    const cold = all.filter((file) => now - file.changedAt >= hotMs)
    if (coldFrom >= cold.length) coldFrom = 0
    const turn = cold.slice(coldFrom, coldFrom + turnSize)
    coldFrom += turnSize
    return [...hot, ...turn].map((file) => file.path)
  }

  /** Finds out what each new or changed file is, and notes what has gone. */
  async function recognise(): Promise<void> {
    const now = host.now()
    for (const file of files.values()) {
      if (!file.settled && now - file.changedAt >= options.settleMs) {
        file.settled = true
        file.look = true
      }
      if (file.entry && !file.busy && isReplaced(file.entry, file.stat)) release(file)
    }
    const unknown = [...files.values()].filter((file) => !file.entry && file.look && file.retryAt <= now)
    if (unknown.length > 0) {
      for (const file of unknown) file.look = false
      await identify(
        withoutDoubles(unknown),
        { entries, decoders: host.decoders, holder: (origin) => holders.get(origin) },
        (file, identity) => {
          reported.delete(file.path)
          if (identity === 'busy') blocked.add(file)
          if (typeof identity === 'string') return
          if ('moved' in identity) {
            note(file.path, identity.moved)
            return lookAgain()
          }
          hold(file, identity.entry)
          file.look = true
          if (identity.isNew && file.former?.hint === file.stat.hint) tellAnew(file)
        },
        (file, error) => failed(file, error),
      )
    }
    await noteMissing(now)
  }

  /** A file that is reached by several paths, through links, is read by one of them. */
  function withoutDoubles(unknown: readonly Tracked[]): readonly Tracked[] {
    const taken = new Set<string>()
    for (const file of holders.values()) taken.add(file.stat.hint)
    return unknown.filter(({ stat: { hint } }) => {
      if (hint === '') return true
      const double = taken.has(hint)
      taken.add(hint)
      return !double
    })
  }

  function failed(file: Tracked, error: unknown): void {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    report(file.path, error)
    retryLater(file)
  }

  function retryLater(file: Tracked): void {
    file.look = true
    file.retryAt = host.now() + Math.min(30_000, 250 * 2 ** file.failures++)
  }

  function tellAnew(file: Tracked): void {
    const message = `${host.name}: ${file.name} was truncated or written anew; it is read from its beginning.`
    host.log({ level: 'info', code: 'SOURCE_CHANGED', message, source: host.name })
  }

  async function noteMissing(now: number): Promise<void> {
    for (const entry of entries.values()) {
      if (holders.has(entry.origin)) continue
      if (!missing.has(entry.origin)) missing.set(entry.origin, { since: now, size: 0 })
    }
    for (const [origin, { since, size }] of missing) {
      const entry = entries.get(origin)
      if (!entry || (now - since < missingMs && !options.once)) continue
      missing.delete(origin)
      if (entry.gone === undefined) {
        const unread = entry.compressed ? 0 : size - entry.offset
        if (unread > 0) warn(`-${origin}`, 'SOURCE_CHANGED', `${entry.path} is gone with ${unread} bytes unread.`)
        const noted = { ...entry, gone: now }
        entries.set(origin, noted)
        if (entry.mark) await host.state.set(keyOf(host.name, origin), writeEntry(noted))
      } else if (now - entry.gone > forgetMs) {
        entries.delete(origin)
        await host.state.delete([keyOf(host.name, origin)])
      }
    }
  }

  /** Files with something to deliver, longest waiting first. */
  function ready(): readonly Tracked[] {
    const now = host.now()
    return [...files.values()]
      .filter((file) => wantsReading(file) && file.look && file.retryAt <= now)
      .sort((a, b) => a.turn - b.turn)
  }

  return { files, list, look, due, recognise, ready, hold, release, failed, retryLater }
}

/** True when something of the file is not yet read, and nobody reads it. */
export function wantsReading({ entry, busy, stat }: Tracked): boolean {
  return entry !== undefined && !busy && !isRead(entry, stat.size)
}

const isReplaced = (entry: Entry, { hint, size }: Stat) =>
  entry.hint !== hint || size < (entry.compressed ? (entry.mark?.at ?? 0) : entry.offset)
