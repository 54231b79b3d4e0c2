/**
 * Entry of a process that evaluates, for rules that are not trusted. Its environment is empty, Node's permission model is on
 * (`permissions.ts`), and what it is to run comes as its first message.
 */
import { writeSync } from 'node:fs'
import { resolveOwnImports } from '../../project/own-imports.ts'
import { createLocalProgress } from '../workers/progress.ts'
import type { WorkerMessage } from '../workers/protocol.ts'
import type { WorkerInput } from './worker-input.ts'

/** The pipe for its place, next to standard streams and the channel of `fork`. */
const stepsPipe = 4
/** How often the place is told while a job goes well, milliseconds. */
const tellEveryMs = 20

const progress = createLocalProgress()
let toldAt = 0
const send = process.send!.bind(process)
const exit = process.exit.bind(process)
/** The engine is gone, and there is nobody to work for. */
const end = () => exit(0)

// Node has no permission for signals: without these, code in here reaches no other process.
for (const name of ['kill', '_kill', 'abort', '_debugProcess', '_debugEnd', 'send', 'disconnect'])
  Reflect.deleteProperty(process, name)

process.on('disconnect', end)
resolveOwnImports()
process.once('message', (input: WorkerInput) => void evaluate(input))

async function evaluate(input: WorkerInput): Promise<void> {
  const { startEvaluation } = await import('./evaluation.ts')
  await startEvaluation(input, {
    progress,
    send: (message: WorkerMessage) => void send(message, undefined, undefined, (error) => error && end()),
    onJob: (listener) => void process.on('message', listener),
    tell(urgent) {
      const now = performance.now()
      if (!urgent && now - toldAt < tellEveryMs) return
      toldAt = now
      try {
        writeSync(stepsPipe, progress)
      } catch {
        end()
      }
    },
  })
}
