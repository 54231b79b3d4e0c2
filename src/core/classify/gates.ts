import type { Gate, ParseContext } from '../contracts/index.ts'

/** A parser's gate, asked at most once for a text, however many groups stand behind it. */
export interface GateOnce {
  lets(text: string, context: ParseContext): boolean
  /** Before the next text. */
  forget(): void
}

export function askOnce(gate: Gate): GateOnce {
  let verdict: boolean | undefined
  return {
    lets: (text, context) => (verdict ??= gate(text, context)),
    forget() {
      verdict = undefined
    },
  }
}
