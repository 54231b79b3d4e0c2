import type { FileHandle } from 'node:fs/promises'
import { parseJson } from '../../core/json.ts'
import { cut, lastCut, sniff } from '../../core/split/index.ts'
import { headBytes, readAt } from './content.ts'
import type { Entry } from './entry.ts'

/** Looking back for the end of a line goes no further than this: a longer line is delivered in parts. */
const longestLine = 16_777_216

/** The stored byte at which a delivery ends; undefined when there is not yet a complete record. */
export async function endOf(
  handle: FileHandle,
  size: number,
  { range, offset, compressed }: Pick<Entry, 'range' | 'offset' | 'compressed'>,
  settled: boolean,
): Promise<number | undefined> {
  // A compressed file is read when its writer has finished.
  if (compressed) return settled ? size : undefined
  // What was once begun is given again in the same length.
  if (range && range.to > offset && range.to <= size) return range.to
  if (size <= offset) return undefined
  if (settled) return size
  if (await isJsonOverLines(handle)) return endOfValues(handle, offset, size)
  const step = 65_536
  const least = Math.max(offset, size - longestLine)
  for (let end = size; end > least; end -= step) {
    const start = Math.max(least, end - step)
    const newline = (await readAt(handle, start, end - start)).lastIndexOf(10)
    if (newline >= 0) return start + newline + 1
  }
  return least > offset ? size : undefined
}

/** True when a JSON value begins on the first line and does not end there. */
async function isJsonOverLines(handle: FileHandle): Promise<boolean> {
  const head = await readAt(handle, 0, headBytes)
  const end = head.indexOf(10)
  if (end < 0 || sniff(head, new Set(['lines', 'json'])) !== 'json') return false
  return !('value' in parseJson(head.toString('utf8', 0, end)))
}

/** Where the last value ends that is complete; undefined when none is. `offset`: where a value begins. */
async function endOfValues(handle: FileHandle, offset: number, size: number): Promise<number | undefined> {
  const isAll = size - offset <= longestLine
  const start = isAll ? offset : size - longestLine
  const bytes = await readAt(handle, start, size - start)
  const end = isAll ? cut(bytes, 'json') : lastCut(bytes, 'json')
  return end > 0 ? start + end : isAll ? undefined : size
}
