import type { QuarantineQuery } from '../../core/contracts/index.ts'
import { CodedError } from '../../core/errors.ts'
import type { DeadSelection } from '../../core/retry-dead.ts'
import type { Retried } from '../../core/retry-quarantine.ts'
import { loadProject } from '../../project/index.ts'
import { type Engine, type EngineOptions, startEngine } from './engine.ts'
import { openStore } from './open-store.ts'
import { ask } from './requests.ts'

/** How long a running engine may take to answer, milliseconds. */
const timeoutMs = 120_000

type Options = Omit<EngineOptions, 'once' | 'read'>

/**
 * Tries quarantined entries again: by the engine that runs on the project, or else by one of our own that reads no source
 * and sends what the entries raise. `id` is a name for the request that no other has. Throws Problems when the project is
 * broken.
 */
export function retryInProject(options: Options, query: QuarantineQuery, id: string): Promise<Retried> {
  return byEngine(options, { kind: 'retry', question: query, id }, (engine) => engine.retry(query))
}

/** Puts dead deliveries back in line, and sends them; see `retryInProject`. Answers how many. */
export function retryDeadInProject(options: Options, which: DeadSelection, id: string): Promise<number> {
  return byEngine(options, { kind: 'dead', question: which, id }, (engine) => engine.retryDead(which))
}

async function byEngine<T>(
  options: Options,
  { kind, question, id }: { readonly kind: string; readonly question: unknown; readonly id: string },
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  const engine = await ownEngine(options)
  if (engine) {
    try {
      const answer = await work(engine)
      await engine.deliver()
      return answer
    } finally {
      await engine.stop()
    }
  }
  const store = openStore(await loadProject(options.projectDir), {})
  try {
    return (await ask(store, kind, question, { id, timeoutMs })) as T
  } finally {
    await store.close()
  }
}

/** Undefined when an engine runs on the project already. */
async function ownEngine(options: Options): Promise<Engine | undefined> {
  try {
    return await startEngine({ ...options, once: false, read: false })
  } catch (error) {
    if (error instanceof CodedError && error.code === 'STORE_LOCKED') return undefined
    throw error
  }
}
