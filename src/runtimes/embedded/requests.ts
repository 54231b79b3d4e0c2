import type { StateStore } from '../../core/contracts/index.ts'
import { type Code, CodedError, codes, messageOf } from '../../core/errors.ts'
import { sleep } from '../../core/sleep.ts'

/**
 * What a command asks of an engine that is running: it leaves a request in the state store, and the engine its answer.
 * So no port is open and no second process writes beside the engine.
 */
const keys = { request: 'request:', answer: 'answer:' }
const lookEveryMs = 300

type Answer = { readonly answer: unknown } | { readonly error: PlainError }

interface PlainError {
  readonly code: string
  readonly message: string
  readonly hint?: string
}

export interface AskOptions {
  /** A name that no other request has. */
  readonly id: string
  readonly timeoutMs: number
}

/**
 * Asks the running engine; `kind` says who answers, question and answer are plain data. Throws what the one who answers
 * throws, and STORE_LOCKED when no answer comes in time.
 */
export async function ask(
  state: StateStore,
  kind: string,
  question: unknown,
  { id, timeoutMs }: AskOptions,
): Promise<unknown> {
  const [request, answer] = [`${keys.request}${kind}:${id}`, `${keys.answer}${kind}:${id}`]
  await state.set(request, JSON.stringify(question))
  const giveUp = AbortSignal.timeout(timeoutMs)
  while (!giveUp.aborted) {
    await sleep(lookEveryMs, giveUp)
    const text = await state.get(answer)
    if (text === undefined) continue
    await state.delete([answer])
    const found: Answer = JSON.parse(text)
    if ('answer' in found) return found.answer
    throw coded(found.error)
  }
  await state.delete([request])
  throw new CodedError('STORE_LOCKED', 'The running engine did not answer.', { hint: 'Stop it, then try again.' })
}

/** Answers requests until `signal` aborts. `answers`: kind → who answers. A request of another kind is left alone. */
export async function answerRequests(
  state: StateStore,
  answers: Readonly<Record<string, (question: never) => Promise<unknown>>>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await sleep(lookEveryMs, signal)
    for (const { key, value } of await state.list(keys.request)) {
      const about = key.slice(keys.request.length)
      const kind = about.split(':', 1)[0]!
      if (!Object.hasOwn(answers, kind)) continue
      await state.set(keys.answer + about, JSON.stringify(await answerTo(answers[kind]!, value)))
      await state.delete([key])
    }
  }
}

async function answerTo(answer: (question: never) => Promise<unknown>, question: string): Promise<Answer> {
  try {
    return { answer: await answer(JSON.parse(question) as never) }
  } catch (error) {
    const { code, hint } = error instanceof CodedError ? error : { code: 'INTERNAL', hint: undefined }
    return { error: { code, message: messageOf(error), ...(hint !== undefined && { hint }) } }
  }
}

function coded({ code, message, hint }: PlainError): CodedError {
  const known = Object.hasOwn(codes, code) ? (code as Code) : 'INTERNAL'
  return new CodedError(known, message, hint === undefined ? {} : { hint })
}
