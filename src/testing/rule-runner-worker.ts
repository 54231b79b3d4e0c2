/** Entry of a thread that tests run in. Code compiled before is taken from disk. */
import { enableCompileCache } from 'node:module'
import { workerData } from 'node:worker_threads'
import type { WorkerInput } from './rule-test-thread.ts'

const { compileCache } = workerData as WorkerInput
if (compileCache !== undefined) enableCompileCache(compileCache)
await import('./rule-runner-thread.ts')
