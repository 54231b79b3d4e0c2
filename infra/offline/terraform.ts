import { spawn } from 'node:child_process'
import { accessSync, constants, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'

const infra = join(import.meta.dirname, '..')

/** What a command of Terraform said. */
export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

type Run = (...args: readonly string[]) => Promise<Outcome>

/** Terraform over a copy of `infra/`, with the provider that stands in for AWS. Give it to `await using`. */
export interface OfflineTerraform extends AsyncDisposable {
  /** The copy: files in it may be changed. */
  readonly dir: string
  readonly run: Run
  /** The same where what AWS decides is unknown until it is applied, even where the name tells it. */
  readonly runUnforeseen: Run
}

/** True where there is a terraform to run. */
export const hasTerraform = (): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => isExecutable(join(folder, 'terraform')))

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Starts the provider, and makes the copy ready (`init`). Without a backend: the state is a file. */
export async function startOffline(): Promise<OfflineTerraform> {
  const dir = mkdtempSync(join(tmpdir(), 'streamalert-infra-'))
  cpSync(infra, dir, {
    recursive: true,
    filter: (path) => !/\/(offline|\.terraform)(\/|$)/.test(path.slice(infra.length)),
  })
  writeFileSync(join(dir, 'backend_override.tf'), 'terraform {\n  backend "local" {}\n}\n')
  // Without a place to install from, a provider that is not attached fails at once.
  const cli = join(dir, 'cli.tfrc')
  writeFileSync(
    cli,
    `disable_checkpoint = true\nprovider_installation {\n  filesystem_mirror {\n    path = "${dir}/none"\n  }\n}\n`,
  )
  const provider = spawn(process.execPath, [join(import.meta.dirname, 'provider.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [foreseen, unforeseen] = await firstLines(provider.stdout)
  const settings = { TF_CLI_CONFIG_FILE: cli, CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1', TF_INPUT: '0' }
  // Half of a short run is collecting garbage that nobody needs the place of.
  const memory = { GOGC: 'off', GOMEMLIMIT: '1GiB' }
  const runWith =
    (attach: string): Run =>
    (...args) =>
      execute([...args, '-no-color'], dir, { ...process.env, ...settings, ...memory, TF_REATTACH_PROVIDERS: attach })
  const run = runWith(foreseen)
  const init = await run('init')
  if (init.code !== 0) throw new Error(`terraform init: ${init.stderr}`)
  return {
    dir,
    run,
    runUnforeseen: runWith(unforeseen),
    async [Symbol.asyncDispose]() {
      provider.kill()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

async function firstLines(stream: NodeJS.ReadableStream): Promise<[string, string]> {
  const lines: string[] = []
  for await (const line of createInterface({ input: stream })) {
    lines.push(line)
    if (lines.length === 2) return lines as [string, string]
  }
  throw new Error('The provider ended before it began.')
}

function execute(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn('terraform', args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? 1, stdout, stderr }))
  })
}
