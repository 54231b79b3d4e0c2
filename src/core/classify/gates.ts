import type { Gate, ParseContext } from '../contracts/index.ts'

/** A gate that is asked at most once in each turn, that is for each text, however many parsers stand behind it. */
export type GateOnce = (text: string, context: ParseContext, turn: number) => boolean

export function askOnce(gate: Gate): GateOnce {
  let asked = -1
  let open = false
  return (text, context, turn) => {
    if (asked !== turn) {
      open = gate.passes(text, context)
      asked = turn
    }
    return open
  }
}
