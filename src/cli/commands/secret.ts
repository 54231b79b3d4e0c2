import { CodedError } from '../../core/errors.ts'
import { secretNamePattern } from '../../core/secrets.ts'
import { plural } from '../../core/text/quantity.ts'
import { inspectProject, loadProject } from '../../project/load.ts'
import { openSecrets, type ProjectSecrets } from '../../project/open-secrets.ts'
import { awsClients, type AwsClients } from '../aws/clients.ts'
import { type Cli, type ExitCode, formatProblems } from '../cli.ts'
import { createInput, type Input } from '../input.ts'

/** A secret provider that can be written. */
type Writable = ProjectSecrets['providers'][number] & {
  readonly editor: NonNullable<ProjectSecrets['providers'][number]['provider']['editor']>
}

/** The project as far as it is right: what is wrong is told, and hinders nobody. Throws CONFIG_MISSING, CONFIG_SYNTAX. */
async function open(cli: Cli, { env }: Input) {
  const { project, problems } = await inspectProject(cli.dir)
  if (problems.length > 0) cli.warn(formatProblems(problems))
  return { project, secrets: openSecrets(project, { env, now: Date.now }) }
}

/** The first provider that can be written. Throws CONFIG_INVALID when there is none. */
export function writableOf({ providers }: ProjectSecrets): Writable {
  for (const { name, provider } of providers) if (provider.editor) return { name, provider, editor: provider.editor }
  throw new CodedError('CONFIG_INVALID', 'No configured provider of secrets can be written.', {
    hint: 'Add "- file: {}" to "secrets:" in streamalert.yaml, or store the value where the providers look.',
  })
}

/**
 * Stores the value of a secret: typed without echo, from standard input, or from an environment variable. Never from the command
 * line, which other users and the shell's history see.
 */
export async function setSecret(
  cli: Cli,
  name: string,
  options: { readonly fromEnv?: string; readonly aws?: true },
  input = createInput(cli),
  aws: (region: string) => AwsClients = awsClients,
): Promise<ExitCode> {
  if (!secretNamePattern.test(name)) {
    throw new CodedError('USAGE', `${JSON.stringify(name)} is not the name of a secret.`, {
      hint: 'Use letters, digits and _ . - + = @ / #.',
    })
  }
  if (options.aws) return setInAws(cli, name, options.fromEnv, input, aws)
  const { secrets } = await open(cli, input)
  const { name: kind, provider, editor } = writableOf(secrets)
  const value = await readValue(name, options.fromEnv, input)
  const replaced = (await provider.local?.has(name)) ?? false
  await editor.set(name, value)
  if (cli.json) cli.emit({ name, provider: kind, replaced })
  cli.say(`${replaced ? 'Replaced' : 'Stored'} "${name}". In streamalert.yaml it is written secret:${name}`)
  await warnHidden(cli, name, kind, secrets)
  return 0
}

async function setInAws(
  cli: Cli,
  name: string,
  variable: string | undefined,
  input: Input,
  aws: (region: string) => AwsClients,
): Promise<ExitCode> {
  const { putSecret } = await import('../aws/secret.ts')
  const project = await loadProject(cli.dir)
  const id = await putSecret(project, name, await readValue(name, variable, input), aws)
  if (cli.json) cli.emit({ name, provider: 'aws-secrets-manager', id })
  cli.say(`Stored "${name}" as ${id}. Outputs take it within a minute.`)
  return 0
}

async function readValue(name: string, variable: string | undefined, input: Input): Promise<string> {
  if (variable !== undefined) {
    const value = input.env[variable]
    if (value) return value
    throw new CodedError('USAGE', `The environment variable ${variable} is not set, or empty.`)
  }
  const check = (answer: string) => (answer === '' ? 'It is empty.' : undefined)
  const value = input.ask ? await input.ask.secret({ message: `Value of ${name}`, check }) : await input.read()
  if (value !== '') return value
  throw new CodedError('USAGE', 'The value is empty.', {
    hint: `Write it to standard input, or name a variable: streamalert secret set ${name} --from-env VARIABLE`,
  })
}

/** A provider that is asked earlier and has the name, too, would go on giving its own value. */
async function warnHidden(cli: Cli, name: string, kind: string, { providers }: ProjectSecrets): Promise<void> {
  const before = providers.slice(
    0,
    providers.findIndex((one) => one.name === kind),
  )
  for (const { name: other, provider } of before)
    if (await provider.local?.has(name))
      cli.warn(`Beware: the provider "${other}" has "${name}", too, and is asked first.`)
}

/** Removes a secret. NOT_FOUND when there is none of that name. */
export async function removeSecret(cli: Cli, name: string, input = createInput(cli)): Promise<ExitCode> {
  const { project, secrets } = await open(cli, input)
  const { name: kind, editor } = writableOf(secrets)
  if (!(await editor.remove(name))) {
    throw new CodedError('NOT_FOUND', `The provider "${kind}" has no secret "${name}".`, {
      hint: '"streamalert secret list" shows what there is.',
    })
  }
  if (cli.json) cli.emit({ name, provider: kind, removed: true })
  cli.say(`Removed "${name}".`)
  const uses = project.secretUses.filter((use) => use.name === name).map(({ option }) => option)
  if (uses.length > 0) cli.warn(`Beware: streamalert.yaml still names it: ${uses.join(', ')}.`)
  return 0
}

/** Encrypts all secrets with a new key. */
export async function rotateSecrets(cli: Cli, input = createInput(cli)): Promise<ExitCode> {
  const { secrets } = await open(cli, input)
  const { name: kind, editor } = writableOf(secrets)
  const rotated = await editor.rotate()
  if (cli.json) cli.emit({ provider: kind, ...rotated })
  cli.say(`Encrypted ${plural(rotated.secrets, 'secret')} with a new key. Its place: ${rotated.key}`)
  return 0
}
