import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Answer, startRuntimeApi } from './runtime-api.ts'
import { unzip } from './unzip.ts'

export type { Answer } from './runtime-api.ts'

export interface FunctionOptions {
  /** The package. */
  readonly zip: string
  /** As Terraform says. */
  readonly name: string
  readonly handler: string
  readonly region: string
  readonly environment: Readonly<Record<string, string>>
  /** What leads its SDK to servers of the test. */
  readonly endpoints: Readonly<Record<string, string>>
}

/** A function at work in a process of its own. Give it to `await using`. */
export interface LocalFunction extends AsyncDisposable {
  invoke(event: unknown, timeoutMs?: number): Promise<Answer>
  /** What it wrote to its log, as lines. */
  log(): readonly string[]
}

/** Reads, and threads; a warning that these are allowed would stand in the function's log. */
const permissions = ['--permission', '--allow-fs-read=*', '--allow-worker', '--disable-warning=SecurityWarning']

/**
 * Runs a package as Lambda does: unpacked into a folder that nobody may write to, with the environment that is declared and what Lambda
 * puts beside it (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html), and nothing else. It may write no file at all.
 */
export async function startFunction(options: FunctionOptions): Promise<LocalFunction> {
  const { name, region } = options
  const root = mkdtempSync(join(tmpdir(), 'streamalert-function-'))
  for (const [path, bytes] of unzip(readFileSync(options.zip))) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), bytes)
  }
  const api = await startRuntimeApi(`arn:aws:lambda:${region}:123456789012:function:${name}`)
  const reserved = {
    ...{ AWS_LAMBDA_RUNTIME_API: api.address, LAMBDA_TASK_ROOT: root, _HANDLER: options.handler },
    ...{
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_LAMBDA_FUNCTION_NAME: name,
      TZ: ':UTC',
      LANG: 'en_US.UTF-8',
    },
    // Who writes calls down sees by the key whose they are.
    ...{ AWS_ACCESS_KEY_ID: name, AWS_SECRET_ACCESS_KEY: 'example', AWS_SESSION_TOKEN: 'session' },
  }
  const child = spawn(process.execPath, [...permissions, join(import.meta.dirname, 'bootstrap.mjs')], {
    cwd: root,
    env: { ...options.environment, ...options.endpoints, ...reserved },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let written = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (written += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (written += text))
  const ended = new Promise<void>((resolve) => {
    child.on('close', (code) => {
      api.fail({
        errorType: 'Runtime.ExitError',
        errorMessage: `The runtime ended with ${code}: ${written.slice(-2_000)}`,
      })
      resolve()
    })
  })
  return {
    invoke: (event, timeoutMs = 60_000) => api.invoke(event, timeoutMs),
    log: () => written.split('\n').filter((line) => line !== ''),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
      await api[Symbol.asyncDispose]()
      rmSync(root, { recursive: true, force: true })
    },
  }
}
