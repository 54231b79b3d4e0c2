/** A line at the bottom of a terminal that shows how far something is. */
export interface ProgressBar {
  show(done: number, total: number, more: string): void
  /** Removes it, for other text to be written; `show` brings it back. */
  clear(): void
}

/** As far as a progress bar uses a stream. */
interface Terminal {
  readonly isTTY?: boolean
  write(text: string): unknown
}

const width = 30
const eraseLine = '\r\u001b[2K'

/** Where nobody watches nothing is written. */
export function createProgressBar(stream: Terminal): ProgressBar {
  let shown = ''
  const draw = (line: string) => {
    if (stream.isTTY !== true || line === shown) return
    stream.write(eraseLine + line)
    shown = line
  }
  return {
    show(done, total, more) {
      const full = total === 0 ? width : Math.floor((width * done) / total)
      draw(`${'█'.repeat(full)}${'░'.repeat(width - full)} ${done}/${total} · ${more}`)
    },
    clear: () => draw(''),
  }
}
