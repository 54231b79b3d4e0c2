import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const infra = join(import.meta.dirname, '..')

/** What a command of Terraform said. */
export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Terraform over a copy of `infra/`, with the provider that stands in for AWS. Give it to `await using`. */
export interface OfflineTerraform extends AsyncDisposable {
  /** The copy: files in it may be changed. */
  readonly dir: string
  run(...args: readonly string[]): Promise<Outcome>
}

export interface OfflineOptions {
  /** False: attributes that AWS decides are unknown until they are applied. */
  readonly predicts?: boolean
}

/** True where there is a terraform to run. */
export const hasTerraform = async (): Promise<boolean> => {
  const { code } = await execute('terraform', ['version'], infra, process.env).catch(() => ({ code: 1 }))
  return code === 0
}

/** Starts the provider, and makes the copy ready (`init`). Without a backend: the state is a file. */
export async function startOffline({ predicts = true }: OfflineOptions = {}): Promise<OfflineTerraform> {
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
    env: { ...process.env, OFFLINE_PREDICTS: predicts ? 'yes' : 'no' },
  })
  const attach = await firstLine(provider.stdout)
  const env = {
    ...process.env,
    ...{
      TF_REATTACH_PROVIDERS: attach,
      TF_CLI_CONFIG_FILE: cli,
      CHECKPOINT_DISABLE: '1',
      TF_IN_AUTOMATION: '1',
      TF_INPUT: '0',
    },
  }
  const run = (...args: readonly string[]) => execute('terraform', [...args, '-no-color'], dir, env)
  const init = await run('init')
  if (init.code !== 0) throw new Error(`terraform init: ${init.stderr}`)
  return {
    dir,
    run,
    async [Symbol.asyncDispose]() {
      provider.kill()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

async function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: stream })) return line
  throw new Error('The provider ended before it began.')
}

function execute(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? 1, stdout, stderr }))
  })
}
