import type { Store } from '../../core/contracts/index.ts'
import { CodedError } from '../../core/errors.ts'
import { loadProject, type Project } from '../../project/index.ts'
import { loadRules } from './load-rules.ts'
import { openStore } from './open-store.ts'
import { ask } from './requests.ts'
import { type Changed, openStaging, type StagingChange } from '../upkeep/staging.ts'

/** How long a running engine may take to answer, milliseconds. */
const timeoutMs = 30_000

export interface ChangeOptions {
  readonly projectDir: string
  now(): number
  /** What rule files print when they are loaded. */
  onOutput(text: string): void
  /** A name for the request that no other has. */
  readonly id: string
}

/**
 * Stages or promotes a rule of a project: by the engine that runs on it, whose next records it holds for; or else in the
 * state, where the next engine finds it. Throws NOT_FOUND when there is no such rule.
 */
export async function changeInProject(options: ChangeOptions, change: StagingChange): Promise<Changed> {
  const project = await loadProject(options.projectDir)
  const own = engineStore(project)
  const store = own ?? openStore(project, {})
  try {
    if (own) return await changeHere(options, project, own, change)
    return (await ask(store, 'staging', change, { id: options.id, timeoutMs })) as Changed
  } finally {
    await store.close()
  }
}

async function changeHere(
  { now, onOutput }: ChangeOptions,
  project: Project,
  store: Store,
  change: StagingChange,
): Promise<Changed> {
  const staging = await openStaging({ store, now, log: () => {}, onCommitted: () => {} })
  // All rules begin here, as they would with the engine: who is there at the first start is not new.
  await staging.enter(project, await loadRules(project, onOutput))
  return staging.change(change)
}

/** The state in the engine's place; undefined when an engine has it. */
function engineStore(project: Project): Store | undefined {
  try {
    return openStore(project, { engine: true })
  } catch (error) {
    if (error instanceof CodedError && error.code === 'STORE_LOCKED') return undefined
    throw error
  }
}
