import { mkdir, open, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SpoolOptions } from './options.ts'
import { remove, type Segment } from './segments.ts'
import { openWindow } from './window.ts'

/** Damaged stretches that are kept, and how much of each. */
const mostKept = 20
const keptBytes = 16_777_216

/** Counts and logs a stretch that cannot be read, and keeps a copy in `damaged/` for whoever wants to look into it. */
export async function keepAside(
  options: SpoolOptions,
  segment: Segment,
  { from, to, records }: { readonly from: number; readonly to: number; readonly records: number },
): Promise<void> {
  const { dir, source, count, log } = options
  count('dropped', records)
  const file = `damaged/${segment.name}-${from}`
  log({
    level: 'error',
    code: 'SPOOL_DAMAGED',
    message: `${source}: ${to - from} bytes of the spool at ${segment.name}#${from} are damaged; they are kept in ${file}.`,
  })
  try {
    await mkdir(join(dir, 'damaged'), { recursive: true, mode: 0o700 })
    const handle = await open(segment.path, 'r')
    try {
      const bytes = await openWindow(handle, to, 0).bytes(from, Math.min(to - from, keptBytes))
      await writeFile(join(dir, file), bytes ?? '', { mode: 0o600 })
    } finally {
      await handle.close()
    }
    const kept = (await readdir(join(dir, 'damaged'))).toSorted()
    for (const old of kept.slice(0, -mostKept)) await remove(join(dir, 'damaged', old))
  } catch (error) {
    log({ level: 'warn', code: 'SPOOL_DAMAGED', message: `${source}: ${file} cannot be written: ${String(error)}` })
  }
}
