import type { RuleInfo } from '../../core/contracts/index.ts'
import { codeOf, type Project } from '../../project/index.ts'
import { startWorker } from '../workers/worker-handle.ts'
import { projectWorker } from './project-worker.ts'

/**
 * The rules of a project as plain data. Their code is loaded in a worker, so that nothing it does when imported can stop the
 * caller. Throws Problems when it is broken.
 */
export async function loadRules(project: Project, onOutput: (text: string) => void): Promise<readonly RuleInfo[]> {
  const { memory, ruleTimeout, isolation } = project.config.workers
  const worker = await startWorker(
    projectWorker({
      isolation,
      code: { ...codeOf(project), everyOutput: [] },
      limits: { cpuMs: ruleTimeout, idleMs: ruleTimeout, memoryBytes: memory },
      maxBodyBytes: 0,
      onOutput,
      onStray: onOutput,
    }),
  )
  await worker.stop()
  return worker.loaded.rules
}
