import type { QuarantineQuery, StateStore } from '../../core/contracts/index.ts'
import { CodedError } from '../../core/errors.ts'
import type { Retried } from '../../core/retry-quarantine.ts'
import { sleep } from './sleep.ts'

/**
 * What a command asks of an engine that is running: it leaves a request in the state store, and the engine its answer.
 * So no port is open and no second process writes beside the engine.
 */
const requestPrefix = 'request:retry:'
const answerPrefix = 'answer:retry:'
const lookEveryMs = 300

/** An answer, or the message of what went wrong. */
type Answer = { readonly retried: Retried } | { readonly error: string }

/** Asks the running engine to retry quarantined entries. Throws STORE_LOCKED when it does not answer in time. */
export async function askForRetry(
  state: StateStore,
  query: QuarantineQuery,
  { id, timeoutMs }: { readonly id: string; readonly timeoutMs: number },
): Promise<Retried> {
  await state.set(requestPrefix + id, JSON.stringify(query))
  const giveUp = AbortSignal.timeout(timeoutMs)
  while (!giveUp.aborted) {
    await sleep(lookEveryMs, giveUp)
    const text = await state.get(answerPrefix + id)
    if (text === undefined) continue
    await state.delete([answerPrefix + id])
    const answer: Answer = JSON.parse(text)
    if ('retried' in answer) return answer.retried
    throw new CodedError('INTERNAL', answer.error)
  }
  await state.delete([requestPrefix + id])
  throw new CodedError('STORE_LOCKED', 'The running engine did not answer.', { hint: 'Stop it, then retry again.' })
}

/** Answers requests until `signal` aborts. */
export async function answerRequests(
  state: StateStore,
  retry: (query: QuarantineQuery) => Promise<Retried>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await sleep(lookEveryMs, signal)
    for (const { key, value } of await state.list(requestPrefix)) {
      const answer = await retry(JSON.parse(value)).then(
        (retried): Answer => ({ retried }),
        (error: unknown): Answer => ({ error: String(error) }),
      )
      await state.set(answerPrefix + key.slice(requestPrefix.length), JSON.stringify(answer))
      await state.delete([key])
    }
  }
}
