import type { FileHandle } from 'node:fs/promises'
import type { Decoder } from '../../core/contracts/index.ts'
import { CodedError } from '../../core/errors.ts'
import {
  type Content,
  contentOf,
  hashOf,
  holds,
  holdsDecoded,
  openFile,
  proofAt,
  proofOfEnd,
  type Stat,
  statOf,
} from './content.ts'
import { atEarlier, type Entry, isRotatedName, isTelling, type Proof } from './entry.ts'

/** A path, and the file that was last seen there. */
interface Place {
  readonly path: string
  readonly stat: Stat
}

/** A file that was found and is not yet known to be any entry's. */
export interface Unknown extends Place {
  /** Project-relative path. */
  readonly name: string
  /** The listing that found it, counted. */
  readonly listing: number
  /** It has not changed for a while, or nobody waits for more: its first line is taken as it is. */
  readonly settled: boolean
}

/**
 * What a file turned out to be: an entry known or new, a copy that is to be left alone, or not yet to be told. `moved`:
 * another file has its name by now, as seen. `busy`: it may be a copy of one that is being read, and is told after that.
 */
export type Identity =
  | { readonly entry: Entry; readonly isNew: boolean }
  | { readonly moved: Stat }
  | 'copy'
  | 'busy'
  | 'wait'

/** What identities are decided from. */
export interface Known {
  readonly entries: ReadonlyMap<string, Entry>
  readonly decoders: readonly Decoder[]
  /** The file that now stands for an entry, if one does. `busy`: a delivery of it is under way. */
  holder(origin: string): (Place & { readonly busy: boolean; readonly listing: number }) | undefined
}

/**
 * How a file may come to be an entry's, the surest first: the same inode; the same name, or one that rotation gives; a
 * copy that rotation made when less was there than had been read by the time of the truncation. While the last is
 * possible, entries of which little more than the header was read wait for it: they fit any file of that header.
 */
const relations = ['hint', 'name', 'earlier'] as const
type Relation = (typeof relations)[number]

/**
 * Decides which entry each file is, in an order in which a rename is seen before what took the old name. `decide` is
 * told at once, since what one file is decides what another can be. A relation only proposes; content decides.
 * Errors of single files go to `fail`.
 */
export async function identify<F extends Unknown>(
  files: readonly F[],
  known: Known,
  decide: (file: F, identity: Identity) => void,
  fail: (file: F, error: unknown) => void,
): Promise<void> {
  const byHint = Map.groupBy(known.entries.values(), (entry) => entry.hint)
  const byPath = Map.groupBy(known.entries.values(), (entry) => entry.path)
  const byLine = Map.groupBy(known.entries.values(), (entry) => entry.head.hash)
  const rotated = (file: F, { line }: Content) =>
    (byLine.get(hashOf(line)) ?? []).filter((entry) => isRotatedName(entry.path, file.name))
  const named = (file: F, content: Content) => [...(byPath.get(file.name) ?? []), ...rotated(file, content)]
  const longer = (file: F, content: Content) => rotated(file, content).filter(({ earlier }) => earlier.length > 0)
  const proposals: Record<Relation, (file: F, content: Content) => Promise<Identity | undefined>> = {
    hint: (file, content) => choose(file, byHint.get(file.stat.hint) ?? [], 'hint', content, known),
    name(file, content) {
      const entries = named(file, content)
      const first = entries.filter(({ head, mark }) => isTelling(head, mark))
      return choose(file, longer(file, content).length > 0 ? first : entries, 'name', content, known)
    },
    earlier: async (file, content) =>
      (await chooseEarlier(file, longer(file, content), content, known)) ??
      choose(file, named(file, content), 'name', content, known),
  }
  const worthOpening: Record<Relation, (file: F) => boolean> = {
    hint: (file) => file.stat.hint !== '' && byHint.has(file.stat.hint),
    name: () => true,
    earlier: () => true,
  }
  let open: readonly F[] = files.filter((file) => {
    const entry = byPath.get(file.name)?.find((candidate) => isUntouched(file, candidate))
    if (!entry || known.holder(entry.origin)) return true
    decide(file, { entry: { ...entry, gone: undefined }, isNew: false })
    return false
  })
  for (const relation of relations) {
    const undecided: F[] = []
    for (const file of open) {
      if (!worthOpening[relation](file)) {
        undecided.push(file)
        continue
      }
      try {
        const identity = await withContent(file, known.decoders, async (content) => {
          if (content.size === 0) return 'wait'
          const found = await proposals[relation](file, content)
          if (found !== undefined || relation === 'hint') return found
          if (relation === 'name' && longer(file, content).length > 0) return undefined
          if (content.decoder || !content.lineEnded ? !file.settled : false) return 'wait'
          return { entry: newEntry(file, content, known.entries), isNew: true }
        })
        if (identity === undefined) undecided.push(file)
        else decide(file, identity)
      } catch (error) {
        fail(file, error)
      }
    }
    open = undecided
  }
}

async function choose(
  file: Unknown,
  entries: readonly Entry[],
  relation: 'hint' | 'name',
  content: Content,
  known: Known,
): Promise<Identity | undefined> {
  let end: Promise<Proof | undefined> | undefined
  for (const entry of current(entries, known)) {
    const holder = known.holder(entry.origin)
    if (holder && relation === 'name' && !holder.busy) {
      // Files found together at the first start are different files, whatever is in them.
      if (!entry.mark && holder.listing >= file.listing) continue
      end ??= proofOfEnd(content)
      const compared = await compare(holder, entry, await end, known.decoders)
      if (compared !== 'other') return compared
    } else if (await isSame(content, entry))
      return holder ? (holder.busy ? 'busy' : 'wait') : { entry: await adopted(entry, file, content), isNew: false }
  }
  return undefined
}

/**
 * Whether a file that ends with `end` is a copy of the beginning of the one that holds the entry: rotation that copies
 * and then truncates makes such. `wait`: what holds the entry has just changed itself, and tells soon.
 */
async function compare(place: Place, entry: Entry, end: Proof | undefined, decoders: readonly Decoder[]) {
  try {
    const compared = await withContent(place, decoders, async (holder) => {
      const isCopy = end && !holder.decoder && (await holds(holder.handle, holder.size, end))
      // Only now: truncated before that, it would not hold the end of its own copy.
      if (!(await isSame(holder, entry))) return 'wait'
      return isCopy ? 'copy' : 'other'
    })
    return typeof compared === 'string' ? compared : 'wait'
  } catch {
    return 'wait'
  }
}

/** As `choose`, for a file that is shorter than what was read of the one that it was copied from. */
async function chooseEarlier(
  file: Unknown,
  entries: readonly Entry[],
  content: Content,
  known: Known,
): Promise<Identity | undefined> {
  // What is still being compressed is shorter, too.
  if (content.decoder && !file.settled) return 'wait'
  for (const entry of current(entries, known)) {
    const holder = known.holder(entry.origin)
    // It has been compared with what a holder has.
    if (holder && !holder.busy) continue
    const mark = await heldMark(content, entry.earlier)
    if (mark) return holder ? 'busy' : { entry: await adopted(atEarlier(entry, mark), file, content), isNew: false }
  }
  return undefined
}

/** The entries as they are by now. Where several fit, the one that was read furthest is meant, so it comes first. */
const current = (entries: readonly Entry[], known: Known) =>
  entries.map((entry) => known.entries.get(entry.origin) ?? entry).toSorted((a, b) => b.offset - a.offset)

/** The newest of the marks that holds. */
async function heldMark(content: Content, marks: readonly Proof[]): Promise<Proof | undefined> {
  const { handle, size, decoder } = content
  for (const mark of marks) if (await (decoder ? holdsDecoded(content, mark) : holds(handle, size, mark))) return mark
  return undefined
}

/** The entry as of the file that now stands for it. Compressed since: its mark told a place in other stored bytes. */
async function adopted(entry: Entry, file: Unknown, { handle, size, decoder }: Content): Promise<Entry> {
  const compressed = decoder !== undefined
  const moved = { ...entry, path: file.name, hint: file.stat.hint, gone: undefined }
  if (compressed === entry.compressed) return moved
  return { ...moved, compressed, complete: false, range: undefined, earlier: [], mark: await proofAt(handle, size) }
}

/** True when there is no need to open the file: nothing of it has changed since it was read. */
const isUntouched = ({ stat }: Unknown, { hint, mtime, mark }: Entry) =>
  stat.hint !== '' && stat.hint === hint && stat.mtime === mtime && stat.size === mark?.at

/** True when the file is the entry's: it begins with the same line, and what was read of it still stands there. */
export async function isSame(content: Content, entry: Entry): Promise<boolean> {
  const { handle, size, decoder, line } = content
  const { head, mark } = entry
  if (line.length < head.bytes || hashOf(line.subarray(0, head.bytes)) !== head.hash) return false
  if (!mark) return entry.offset === 0
  if ((decoder !== undefined) === entry.compressed) return holds(handle, size, mark)
  return decoder ? holdsDecoded(content, mark) : entry.complete && entry.offset === size
}

function newEntry(file: Unknown, { line, decoder }: Content, entries: ReadonlyMap<string, Entry>): Entry {
  const hash = hashOf(line)
  const first = `${file.name}#${hash}`
  let origin = first
  for (let n = 2; entries.has(origin); n++) origin = `${first}.${n}`
  return {
    ...{ origin, path: file.name, hint: file.stat.hint, compressed: decoder !== undefined, mtime: file.stat.mtime },
    head: { at: line.length, bytes: line.length, hash },
    ...{ earlier: [], offset: 0, complete: false },
  }
}

/**
 * Opens what was seen at a place. A file that was renamed since is not taken for the one that has its name now: what is
 * in one would become known as the other's.
 */
async function withContent<T>(
  { path, stat }: Place,
  decoders: readonly Decoder[],
  use: (content: Content) => Promise<T>,
): Promise<T | { readonly moved: Stat }> {
  let handle: FileHandle | undefined
  try {
    handle = await openFile(path)
    const opened = statOf(await handle.stat({ bigint: true }))
    if (!opened) throw new CodedError('SOURCE_CHANGED', 'It is no longer a regular file.', { retry: 'later' })
    if (opened.hint !== stat.hint) return { moved: opened }
    return await use(await contentOf(handle, opened.size, decoders))
  } finally {
    await handle?.close()
  }
}
