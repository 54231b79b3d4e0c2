import type { Readable, Writable } from 'node:stream'
import { CodedError } from '../core/errors.ts'

/** What a command may take in beside its arguments. */
export interface Input {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Asks the person at the terminal. Undefined: nobody sits there. */
  readonly ask: Asker | undefined
  /** The whole of standard input, without the line feed at its end. Throws USAGE past `longestInput`. */
  read(): Promise<string>
}

export interface Question {
  readonly message: string
  /** What the answer is when nothing is typed. */
  readonly preset?: string
  /** What is wrong with an answer; undefined: nothing. */
  readonly check?: (answer: string) => string | undefined
}

/** Questions to a person. Each throws USAGE when the person breaks off. */
export interface Asker {
  text(question: Question): Promise<string>
  /** Shows a dot for each character. */
  secret(question: Question): Promise<string>
  choice(message: string, choices: readonly string[], preset: string | undefined): Promise<string>
  confirm(message: string, preset: boolean): Promise<boolean>
}

const longestInput = 1_048_576

/** The streams of a process. Questions are written to `stderr`: standard output may belong to a machine. */
export interface InputStreams {
  readonly stdin: Readable & { readonly isTTY?: boolean }
  readonly stderr: Writable & { readonly isTTY?: boolean }
  readonly env: Input['env']
}

/** A person is asked when both streams are terminals, and no machine reads (`json`). */
export function createInput(
  { json }: { readonly json: boolean },
  { stdin, stderr, env }: InputStreams = process,
): Input {
  return {
    env,
    ask: !json && stdin.isTTY && stderr.isTTY ? createAsker(stdin, stderr) : undefined,
    async read() {
      const chunks: Buffer[] = []
      let bytes = 0
      for await (const chunk of stdin as AsyncIterable<Buffer | string>) {
        bytes += chunk.length
        if (bytes > longestInput) throw new CodedError('USAGE', 'Standard input is too long for a value.')
        chunks.push(Buffer.from(chunk))
      }
      return Buffer.concat(chunks)
        .toString('utf8')
        .replace(/\r?\n$/, '')
    },
  }
}

/** Questions by @clack/prompts, which is loaded with the first of them. */
export function createAsker(input: Readable, output: Writable): Asker {
  const clack = () => import('@clack/prompts')
  async function answerOf<T>(answer: Promise<T | symbol>): Promise<T> {
    const value = await answer
    if (typeof value === 'symbol') throw new CodedError('USAGE', 'Broken off: nothing was changed.')
    return value
  }
  const checked = ({ preset = '', check }: Question) => ({
    validate: (answer: string | undefined) => check?.(answer || preset),
  })
  return {
    async text(question) {
      const { message, preset } = question
      const shown = preset === undefined ? {} : { placeholder: preset, defaultValue: preset }
      return answerOf<string>((await clack()).text({ message, input, output, ...shown, ...checked(question) }))
    },
    async secret(question) {
      return answerOf<string>(
        (await clack()).password({ message: question.message, input, output, ...checked(question) }),
      )
    },
    async choice(message, choices, preset) {
      const options = choices.map((value) => ({ value }))
      const initial = preset === undefined ? {} : { initialValue: preset }
      return answerOf<string>((await clack()).select({ message, options, input, output, ...initial }))
    },
    async confirm(message, preset) {
      return answerOf<boolean>((await clack()).confirm({ message, initialValue: preset, input, output }))
    },
  }
}
