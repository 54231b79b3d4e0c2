import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { createCli } from './cli.ts'
import type { Asker, Input } from './input.ts'
import { runCommand } from './main.ts'

const bin = fileURLToPath(new URL('../../bin/streamalert.js', import.meta.url))

/** How a command ended. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** stdout, each line of it as JSON. */
  readonly lines: Record<string, unknown>[]
}

/** Runs the command line as a person does: in a process, in a folder. That takes its time: `command` does where the process is not looked at. */
export function streamalert(
  args: readonly string[],
  options: {
    readonly cwd?: string
    readonly stdin?: string | Uint8Array
    /** Beside the variables of this process. */
    readonly env?: Input['env']
  } = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...args], { cwd: options.cwd, env: { ...process.env, ...options.env } })
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('error', reject)
    child.on('close', (code) => {
      const lines = () => stdout.split('\n').filter((line) => line !== '')
      resolve({
        code,
        stdout,
        stderr,
        get lines() {
          return lines().map((line) => JSON.parse(line) as Record<string, unknown>)
        },
      })
    })
    child.stdin.end(options.stdin ?? '')
  })
}

/** Runs the command line within this process, whose folder and environment it has. */
export async function command(args: readonly string[]): Promise<Ended> {
  const { streams, said, lines } = collected()
  const code = await runCommand(args, streams)
  return {
    ...{ code, ...said },
    get lines() {
      return lines()
    },
  }
}

/** Streams that keep what is written to them. */
function collected() {
  const said = { stdout: '', stderr: '' }
  const streams = {
    stdout: { write: (text: string) => void (said.stdout += text) },
    stderr: { write: (text: string) => void (said.stderr += text) },
  }
  const lines = () =>
    said.stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  return { said, streams, lines }
}

/** A `Cli` and an `Input` for calling a command within this process, and what it said. */
export function inProcess(
  dir: string,
  options: { readonly json?: boolean; readonly stdin?: string; readonly env?: Input['env']; readonly ask?: Asker } = {},
) {
  const { streams, said, lines } = collected()
  const input: Input = { env: { HOME: dir, ...options.env }, ask: options.ask, read: async () => options.stdin ?? '' }
  return {
    cli: createCli({ json: options.json ?? false, project: dir }, streams),
    input,
    said,
    /** stdout, each line of it as JSON. */
    lines,
  }
}
