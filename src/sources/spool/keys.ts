import { open, readdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { KeyRecord } from './block.ts'
import { remove, syncFolder } from './segments.ts'

/**
 * The keys of what was appended, so that what is sent again is recognised. Each stands in the block of its append; when a
 * segment goes, its keys move to a file of their own beside it, until they expire.
 */
export interface Keys {
  has(key: string, now: number): boolean
  add(keys: readonly KeyRecord[], now: number): void
  /** Makes the keys of a segment that is about to go durable. */
  keep(segment: string, keys: readonly KeyRecord[], now: number): Promise<void>
  /** Removes files whose keys have all expired. */
  sweep(now: number): Promise<void>
}

/** More keys than this are not held; the oldest are forgotten first. About 100 bytes each. */
const mostKeys = 300_000

export async function openKeys(dir: string, now: number): Promise<Keys> {
  const known = new Map<string, number>()
  /** The files, the oldest first: when the last key expires, and how many there are. */
  const files = new Map<string, { readonly until: number; readonly size: number }>()

  function add(keys: readonly KeyRecord[], at: number): void {
    for (const [key, expiry] of keys) {
      known.delete(key)
      if (expiry > at) known.set(key, expiry)
    }
    for (const [key, expiry] of known) {
      if (expiry > at && known.size <= mostKeys) break
      known.delete(key)
    }
  }

  const names = (await readdir(dir)).filter((file) => file.endsWith('.keys')).toSorted()
  for (const name of names) {
    const keys = await readKeys(join(dir, name))
    files.set(name, { until: lastExpiry(keys), size: keys.length })
    add(keys, now)
  }

  async function drop(name: string): Promise<void> {
    files.delete(name)
    await remove(join(dir, name))
  }

  /** As many keys on disk as in memory. */
  async function trim(): Promise<void> {
    let sum = [...files.values()].reduce((total, { size }) => total + size, 0)
    for (const [name, { size }] of files) {
      if (sum - size < mostKeys) return
      sum -= size
      await drop(name)
    }
  }

  return {
    has: (key, at) => (known.get(key) ?? 0) > at,
    add,
    async keep(segment, keys, at) {
      const live = keys.filter(([, expiry]) => expiry > at)
      if (live.length === 0) return
      const name = `${segment}.keys`
      const handle = await open(join(dir, `${name}.part`), 'w', 0o600)
      try {
        await handle.writeFile(JSON.stringify(live))
        await handle.datasync()
      } finally {
        await handle.close()
      }
      await rename(join(dir, `${name}.part`), join(dir, name))
      await syncFolder(dir)
      files.set(name, { until: lastExpiry(live), size: live.length })
      await trim()
    },
    async sweep(at) {
      for (const [name, { until }] of files) if (until <= at) await drop(name)
    },
  }
}

const lastExpiry = (keys: readonly KeyRecord[]) => keys.reduce((last, [, expiry]) => Math.max(last, expiry), 0)

/** A file that cannot be read holds no keys: what is sent again from before is then taken again. */
async function readKeys(path: string): Promise<readonly KeyRecord[]> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as KeyRecord[]
  } catch {
    return []
  }
}
