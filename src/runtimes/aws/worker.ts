import { parentPort, workerData } from 'node:worker_threads'
import { problemsOf } from '../../core/errors.ts'
import { type Line, plain, serve, tellStrays } from '../workers/serve.ts'
import { movableIn } from '../workers/protocol.ts'
import type { ThreadShare } from '../workers/thread.ts'
import type { WorkerCode } from './project.ts'
import { compressRows } from './segments.ts'

/** Runs in a worker's thread: answers its jobs with the code that the module brought along. */
export function serveProject(code: WorkerCode): void {
  const port = parentPort!
  const { progress } = workerData as ThreadShare
  const line: Line = {
    progress,
    send: (message) => port.postMessage(message, movableIn(message)),
    onJob: (listener) => void port.on('message', listener),
  }
  tellStrays(line)
  tellReady(code, line)
}

/** Begins to serve, and says what is there; or why it cannot. */
export function tellReady(
  { sources, keepsRecords = false, publishers = new Map(), ...code }: WorkerCode,
  line: Line,
): void {
  try {
    const all = [...sources, ...unnamedSources.map((name) => ({ name }))]
    const history = keepsRecords && { history: { compress: compressRows } }
    const served = { ...code, ...history, sources: all, publishers, maxBodyBytes }
    line.send({ type: 'ready', ...serve(served, line), files: [] })
  } catch (error) {
    line.send({ type: 'broken', problems: problemsOf(error).map(plain) })
  }
}

/** A body of more, decompressed, is damaged. Bytes. */
const maxBodyBytes = 256 * 1_048_576

/** What is of no source of the project is of one of these; any log type may come by them. */
export const unnamedSources = ['eventbridge', 'kinesis', 'logs', 's3', 'sns', 'sqs', 'url'].map(
  (kind) => `lambda:${kind}`,
)
