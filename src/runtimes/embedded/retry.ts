import type { QuarantineQuery } from '../../core/contracts/index.ts'
import { CodedError } from '../../core/errors.ts'
import type { Retried } from '../../core/retry-quarantine.ts'
import { loadProject } from '../../project/index.ts'
import { type Engine, type EngineOptions, startEngine } from './engine.ts'
import { openStore } from './open-store.ts'
import { ask } from './requests.ts'

/** How long a running engine may take to answer, milliseconds. */
const timeoutMs = 120_000

/**
 * Tries quarantined entries again: by the engine that runs on the project, or else by one of our own that reads no source
 * and sends what the entries raise. `id` is a name for the request that no other has. Throws Problems when the project is
 * broken.
 */
export async function retryInProject(
  options: Omit<EngineOptions, 'once' | 'read'>,
  query: QuarantineQuery,
  id: string,
): Promise<Retried> {
  const engine = await ownEngine(options)
  if (engine) {
    try {
      const retried = await engine.retry(query)
      await engine.deliver()
      return retried
    } finally {
      await engine.stop()
    }
  }
  const store = openStore(await loadProject(options.projectDir), {})
  try {
    return (await ask(store, 'retry', query, { id, timeoutMs })) as Retried
  } finally {
    await store.close()
  }
}

/** Undefined when an engine runs on the project already. */
async function ownEngine(options: Omit<EngineOptions, 'once' | 'read'>): Promise<Engine | undefined> {
  try {
    return await startEngine({ ...options, once: false, read: false })
  } catch (error) {
    if (error instanceof CodedError && error.code === 'STORE_LOCKED') return undefined
    throw error
  }
}
