import { spawn } from 'node:child_process'
import { CodedError } from '../../core/errors.ts'

/** What a command of Terraform said. */
export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs Terraform in a folder; `show` gets what it says while it runs. Throws TERRAFORM_MISSING where there is none. */
export type Terraform = (dir: string, args: readonly string[], show?: (text: string) => void) => Promise<Outcome>

/** The oldest Terraform that locks a state in S3 by a file. */
const oldest = [1, 11] as const

/** The `terraform` of the machine. It asks nothing, and gets the environment, where its credentials are. */
export const machineTerraform: Terraform = (dir, args, show = () => {}) =>
  new Promise((resolve, reject) => {
    const env = { ...process.env, TF_IN_AUTOMATION: '1', TF_INPUT: '0', CHECKPOINT_DISABLE: '1' }
    const child = spawn('terraform', [...args, '-no-color'], { cwd: dir, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      show(text)
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('error', (cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'ENOENT') return reject(cause)
      reject(new CodedError('TERRAFORM_MISSING', 'There is no "terraform" on the path.', { hint: howToInstall, cause }))
    })
    child.on('close', (code) => resolve({ code: code ?? 1, stdout, stderr }))
  })

const howToInstall = 'Install 1.11 or later: https://developer.hashicorp.com/terraform/install'

/** Runs Terraform; `allowed`: codes that are no failure. Throws TERRAFORM_FAILED with what it said. */
export async function succeed(
  terraform: Terraform,
  dir: string,
  args: readonly string[],
  { allowed = [0], show }: { readonly allowed?: readonly number[]; readonly show?: (text: string) => void } = {},
): Promise<Outcome> {
  const outcome = await terraform(dir, args, show)
  if (allowed.includes(outcome.code)) return outcome
  const said = (outcome.stderr.trim() || outcome.stdout.trim()).slice(-8000)
  throw new CodedError('TERRAFORM_FAILED', `terraform ${args[0]}:\n${said}`)
}

/** The version of Terraform. Throws TERRAFORM_MISSING when it is too old. */
export async function terraformVersion(terraform: Terraform, dir: string): Promise<string> {
  const { stdout } = await succeed(terraform, dir, ['version', '-json'])
  const version = String((JSON.parse(stdout) as { terraform_version?: unknown }).terraform_version)
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return version
  throw new CodedError('TERRAFORM_MISSING', `Terraform ${version} is too old.`, { hint: howToInstall })
}

/** Addresses of what Terraform has made; none where a first deployment went no further than the state's bucket. */
export async function managedIn(terraform: Terraform, dir: string): Promise<readonly string[]> {
  const { code, stdout, stderr } = await terraform(dir, ['state', 'list'])
  if (code !== 0 && stderr.includes('No state file was found')) return []
  if (code !== 0) throw new CodedError('TERRAFORM_FAILED', `terraform state list:\n${stderr.trim().slice(-8000)}`)
  return stdout.split('\n').filter((address) => address !== '' && !/(^|\.)data\./.test(address))
}

/** What a plan does to one resource. */
export interface Change {
  readonly address: string
  readonly type: string
  readonly actions: readonly string[]
}

/** What a plan that was saved does. */
export async function changesOf(terraform: Terraform, dir: string, plan: string): Promise<readonly Change[]> {
  const { stdout } = await succeed(terraform, dir, ['show', '-json', plan])
  type Shown = {
    resource_changes?: readonly { address: string; type: string; mode: string; change: { actions: string[] } }[]
  }
  const { resource_changes: changes = [] } = JSON.parse(stdout) as Shown
  return changes
    .filter(({ mode }) => mode === 'managed')
    .map(({ address, type, change }) => ({ address, type, actions: change.actions }))
    .filter(({ actions }) => !actions.every((action) => action === 'no-op' || action === 'read'))
}

/** How many resources are made, changed, deleted; what is replaced counts as both. */
export const countChanges = (changes: readonly Change[]) => {
  const of = (action: string) => changes.filter(({ actions }) => actions.includes(action)).length
  return { add: of('create'), change: of('update'), destroy: of('delete') }
}
