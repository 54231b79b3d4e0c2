import type { Gate, ParseContext } from '../contracts/index.ts'

/** A gate that is asked at most once in each turn, that is for each text, however many parsers stand behind it. */
export type GateOnce = (text: string, context: ParseContext, turn: number) => boolean

export function askOnce({ words, passes }: Gate): GateOnce {
  const holds = words === undefined ? undefined : holdsWord(words)
  let asked = -1
  let open = false
  return (text, context, turn) => {
    if (asked !== turn) {
      open = (holds === undefined || holds(text)) && (passes === undefined || passes(text, context))
      asked = turn
    }
    return open
  }
}

/** Whether a text holds one of the words. */
export function holdsWord(words: readonly string[]): (text: string) => boolean {
  const [only] = words
  if (only === undefined) return () => false
  if (words.length === 1) return (text) => text.includes(only)
  const any = new RegExp(words.map((word) => word.replace(/\W/g, '\\$&')).join('|'))
  return (text) => any.test(text)
}
