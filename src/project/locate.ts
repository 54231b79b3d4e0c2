import type { Place } from '../core/errors.ts'

/** Where a quoted text first stands in source code, at or after line `from` (1 is the first). Nothing when it does not. */
export function locateText(source: string, text: string, from = 1): Pick<Place, 'line' | 'column'> {
  const lines = source.split('\n')
  for (let index = from - 1; index < lines.length; index += 1) {
    for (const quote of [`'`, `"`, '`']) {
      const at = lines[index]!.indexOf(`${quote}${text}${quote}`)
      if (at >= 0) return { line: index + 1, column: at + 1 }
    }
  }
  return {}
}

/**
 * Where within a folder an error arose: its topmost stack frame there, or, for an error of syntax, the line that Node
 * shows above the stack. Answers absolute file names.
 */
export function locateError(error: unknown, folder: string): Place {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  for (const line of stack.split('\n')) {
    const found = /(?:^|\(|at (?:async )?)(?:file:\/\/)?(\/[^():]+):(\d+)(?::(\d+))?\)?$/.exec(line)
    if (!found) continue
    const file = decode(found[1]!)
    if (!file.startsWith(`${folder}/`) || file.includes('/node_modules/')) continue
    const column = found[3] === undefined ? caretColumn(stack) : Number(found[3])
    return { file, line: Number(found[2]), ...(column !== undefined && { column }) }
  }
  return {}
}

/** The column under which Node prints `^`, in an error of syntax. */
function caretColumn(stack: string): number | undefined {
  const line = stack.split('\n', 4).find((one) => /^\s*\^+\s*$/.test(one))
  return line === undefined ? undefined : line.indexOf('^') + 1
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
