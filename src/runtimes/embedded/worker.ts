/** Entry of a worker thread. The code it loads is compiled once and kept on disk, which halves the time to the first alert. */
import { enableCompileCache } from 'node:module'
import { workerData } from 'node:worker_threads'
import type { WorkerInput } from './protocol.ts'

const { compileCache } = workerData as WorkerInput
if (compileCache !== undefined) enableCompileCache(compileCache)
await import('./evaluation-thread.ts')
