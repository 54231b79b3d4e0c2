import { randomBytes } from 'node:crypto'
import { constants, type FileHandle, mkdir, open, readdir, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { markerBytes } from './block.ts'

/** A file of blocks. Written by one process, at its end only; read behind the writer. */
export interface Segment {
  /** `<sequence>-<marker>`: never used twice, so that places in it are names for ever. */
  readonly name: string
  readonly path: string
  readonly marker: Buffer
  /** Durable bytes. */
  size: number
  /** Receipt of the newest block, epoch milliseconds. */
  newestAt: number
  hasKeys: boolean
  /** Something of it is with the engine: it may not go. */
  busy: boolean
  /** Everything before this offset is settled. */
  settledTo: number
}

const namePattern = /^(\d{10})-([0-9a-f]{16})\.spool$/

/** The segments in a folder, the oldest first. */
export async function listSegments(dir: string): Promise<Segment[]> {
  const names = (await readdir(dir)).filter((file) => namePattern.test(file)).toSorted()
  return Promise.all(
    names.map(async (file) => {
      const { size, mtimeMs } = await stat(join(dir, file))
      return { ...segmentOf(dir, file.slice(0, -'.spool'.length)), size, newestAt: mtimeMs }
    }),
  )
}

const segmentOf = (dir: string, name: string): Segment => ({
  name,
  path: join(dir, `${name}.spool`),
  marker: Buffer.from(name.slice(11), 'hex'),
  size: 0,
  newestAt: 0,
  hasKeys: false,
  busy: false,
  settledTo: 0,
})

export const sequenceOf = (segment: Segment) => Number(segment.name.slice(0, 10))

/** Makes an empty segment, whose name is durable. */
export async function createSegment(dir: string, sequence: number): Promise<{ segment: Segment; handle: FileHandle }> {
  const segment = segmentOf(dir, `${String(sequence).padStart(10, '0')}-${randomBytes(markerBytes).toString('hex')}`)
  const handle = await open(segment.path, 'wx', 0o600)
  await syncFolder(dir)
  return { segment, handle }
}

/** Makes a folder that only its owner may enter. */
export async function makeFolder(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
}

/** Makes names that came or went durable, where the platform can. */
export async function syncFolder(dir: string): Promise<void> {
  try {
    const handle = await open(dir, constants.O_RDONLY)
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch {
    // Windows has no handles on folders; its file system journals names.
  }
}

/** Removes a file that may be gone already. */
export async function remove(path: string): Promise<void> {
  await unlink(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
}
