import { fork } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { permissionsFor } from './permissions.ts'
import { createLocalProgress, progressBytes } from '../workers/progress.ts'
import type { WorkerMessage } from '../workers/protocol.ts'
import type { StartTransport } from '../workers/transport.ts'
import type { Usage } from '../workers/watchdog.ts'
import type { WorkerInput } from './worker-input.ts'

/** V8's own limit lies above ours, which counts all that the process holds: only what fills up between two looks meets it. MB. */
const heapMargin = 512

export interface ProcessOptions {
  /** The module that the process runs. */
  readonly module: URL
  /** Its first message. */
  readonly input: WorkerInput
  /** What the watchdog lets it have, bytes. */
  readonly memoryBytes: number
  /** Text that rules print. */
  onOutput(text: string): void
}

/**
 * A worker that is a process under Node's permission model (https://nodejs.org/docs/latest-v24.x/api/permissions.html), with an
 * empty environment. Jobs and answers go over the channel of `fork`; where it stands comes through a pipe of its own, which
 * it can write to in the middle of a job.
 */
export const inProcess =
  ({ module, input, memoryBytes, onOutput }: ProcessOptions): StartTransport =>
  ({ message, gone }) => {
    const progress = createLocalProgress()
    const child = fork(fileURLToPath(module), [], {
      execArgv: [
        ...permissionsFor(input.code),
        `--max-old-space-size=${Math.round(memoryBytes / 1_048_576) + heapMargin}`,
        '--enable-experimental-regexp-engine-on-excessive-backtracks',
        '--disable-warning=SecurityWarning',
      ],
      env: {},
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe'],
    })
    const steps = child.stdio[4] as Readable
    for (const stream of [child.stdout!, child.stderr!]) stream.setEncoding('utf8').on('data', onOutput)
    follow(steps, progress)
    // Writing to a process that just ended fails; that it ended is told below.
    for (const stream of [child.stdout!, child.stderr!, steps]) stream.on('error', () => {})

    let atStart: number | undefined
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
    child.on('message', (heard) => message(heard as WorkerMessage))
    child.on('error', (error) => gone('crash', error.message))
    // Not `exit`: the last steps may still be in the pipe then.
    child.on('close', (code, signal) => {
      // V8 that finds its heap full aborts.
      if (signal === 'SIGABRT') gone('memory', 'Its process ran out of memory.')
      else gone('crash', `The worker ended with ${signal === null ? `exit code ${code}` : `signal ${signal}`}.`)
    })
    child.send(input)

    return {
      progress,
      exact: false,
      send: (job) => void child.send(job, () => {}),
      async usage() {
        const { cpu, bytes } = await usageOf(child.pid!)
        // What Node and the project's code take is there before the first job.
        atStart ??= bytes
        return { cpu, memory: { 'in its process': bytes - atStart } }
      },
      hold(holds) {
        for (const one of [child, child.channel, ...child.stdio.slice(1)] as (Referable | null | undefined)[]) {
          if (holds) one?.ref?.()
          else one?.unref?.()
        }
      },
      async end() {
        child.kill('SIGKILL')
        await ended
      },
    }
  }

interface Referable {
  ref?(): void
  unref?(): void
}

/** Takes the latest place out of what the worker writes: images of its progress, one after the other. */
function follow(steps: Readable, progress: Int32Array): void {
  let rest = Buffer.alloc(0)
  steps.on('data', (chunk: Buffer) => {
    const all = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    const whole = all.length - (all.length % progressBytes)
    if (whole > 0) new Uint8Array(progress.buffer).set(all.subarray(whole - progressBytes, whole))
    rest = Buffer.from(all.subarray(whole))
  })
}

/** Ticks of processor time, in `/proc`, milliseconds: USER_HZ is 100 on every Linux. */
const tickMs = 10

/**
 * Processor time (milliseconds) and resident memory of a process, from Linux's /proc (proc_pid_stat(5), proc_pid_status(5)).
 * Where there is none, the clock stands for the processor, and only V8 bounds the memory.
 */
async function usageOf(pid: number): Promise<{ readonly cpu: Usage['cpu']; readonly bytes: number }> {
  try {
    const [stat, status] = await Promise.all(['stat', 'status'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8')))
    // The name of the program, in brackets, may hold anything.
    const fields = stat!.slice(stat!.lastIndexOf(')') + 2).split(' ')
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(status!)?.[1]
    return { cpu: (Number(fields[11]) + Number(fields[12])) * tickMs, bytes: Number(kilobytes ?? 0) * 1024 }
  } catch {
    return { cpu: performance.now(), bytes: 0 }
  }
}
