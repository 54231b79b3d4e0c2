/** Entry of a thread that evaluates. Everything it has comes in `workerData`; its environment is empty. */
import { parentPort, workerData } from 'node:worker_threads'
import { startEvaluation } from './evaluation.ts'
import type { ThreadShare } from '../workers/thread.ts'
import type { WorkerInput } from './worker-input.ts'

const port = parentPort!
const { progress, ...input } = workerData as ThreadShare & WorkerInput
await startEvaluation(input, {
  progress,
  send: (message) => port.postMessage(message),
  onJob: (listener) => void port.on('message', listener),
})
