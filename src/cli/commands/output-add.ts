import { readFile, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { OutputKind } from '../../core/component.ts'
import { CodedError, Problems } from '../../core/errors.ts'
import { kindOf } from '../../core/kinds.ts'
import { suggest } from '../../core/nearest.ts'
import { secretReference } from '../../core/secrets.ts'
import { outputs } from '../../outputs/index.ts'
import { addToYaml } from '../../project/add-to-yaml.ts'
import { clusterName as componentName, configFile } from '../../project/config.ts'
import { inspectProject, loadProject } from '../../project/load.ts'
import { checkSecrets, openSecrets } from '../../project/open-secrets.ts'
import { writeAtomic } from '../../secrets/index.ts'
import { type Cli, type ExitCode, formatProblems } from '../cli.ts'
import { createInput, type Input } from '../input.ts'
import { type Answer, askAnswers, type GivenAnswers, givenAnswers, optionsOf } from '../output-answers.ts'
import { keyOf } from '../output-fields.ts'
import { testOutput } from './output-test.ts'
import { writableOf } from './secret.ts'

/**
 * Adds an output to streamalert.yaml, which keeps its remarks. Secrets go to the provider of secrets, and their names into the file. What
 * is not given is asked, where a person sits there. Nothing is written unless the configuration is right with it.
 */
export async function addOutput(
  cli: Cli,
  kindName: string,
  given: string | undefined,
  options: GivenAnswers,
  input: Input = createInput(cli),
): Promise<ExitCode> {
  const project = await loadProject(cli.dir)
  const kind = await kindNamed(kindName)
  if (input.ask && kind.setup) cli.say(`${kind.setup}\n`)
  const name = await nameOf(kind, given, Object.keys(project.config.outputs[kind.name] ?? {}), input)
  const stated = await givenAnswers(kind, options, input)
  const answers = input.ask ? await askAnswers(kind, stated, input.ask) : stated
  check(kind, name, answers)

  const { named, values } = withoutSecrets(kind, name, answers)
  const written = optionsOf(named)
  check(kind, name, named)
  const file = await realpath(project.file)
  const text = addToYaml(await readFile(file, 'utf8'), ['outputs', kind.name, name], written)
  const after = await inspectProject(cli.dir, undefined, text)
  if (after.problems.length > 0) throw new Problems(after.problems)

  const secrets = openSecrets(after.project, { env: input.env, now: Date.now })
  if (values.size > 0) {
    const { editor, name: provider } = writableOf(secrets)
    for (const [secret, value] of values) await editor.set(secret, value)
    cli.say(`Stored ${[...values.keys()].join(', ')} (${provider}).`)
  }
  await writeAtomic(file, text, (await stat(file)).mode & 0o777)
  if (cli.json)
    cli.emit({ output: `${kind.name}:${name}`, file: configFile, options: written, secrets: [...values.keys()] })
  cli.say(
    `Added ${kind.name}:${name} to ${join(cli.dir, configFile)}. Rules name it: outputs: ['${kind.name}:${name}']`,
  )
  if ((options.set ?? []).length > 0 && stated.some(({ field, value }) => field.secret && isFromLine(value, options)))
    cli.warn('Beware: a secret stood on the command line, where the history of the shell keeps it.')
  const missing = await checkSecrets(after.project, secrets, { remote: false })
  if (missing.length > 0) cli.warn(formatProblems(missing))
  if (!input.ask || !(await input.ask.confirm('Send a test alert to it now?', true))) return 0
  return testOutput(cli, `${kind.name}:${name}`, input)
}

const isFromLine = (value: unknown, { set = [] }: GivenAnswers) =>
  typeof value === 'string' && !secretReference.test(value) && set.some((one) => one.endsWith(`=${value}`))

/** Throws CONFIG_UNKNOWN_NAME. */
async function kindNamed(name: string): Promise<OutputKind> {
  const kind = await kindOf(outputs, name)
  if (kind) return kind
  throw new CodedError('CONFIG_UNKNOWN_NAME', `There is no kind of output "${name}".`, {
    hint: suggest(name, Object.keys(outputs)),
  })
}

/** Throws USAGE for one that is taken or is no name. */
async function nameOf(
  kind: OutputKind,
  given: string | undefined,
  taken: readonly string[],
  { ask }: Input,
): Promise<string> {
  const fault = (name: string) => {
    if (taken.includes(name)) return `There is an output ${kind.name}:${name} already.`
    const { error } = componentName.safeParse(name)
    return error && `"${name}" ${error.issues[0]?.message}.`
  }
  const preset = 'main'
  const name =
    given ?? (await ask?.text({ message: `Name of the output ${kind.name}`, preset, check: fault })) ?? preset
  const wrong = fault(name)
  if (wrong === undefined) return name
  throw new CodedError('USAGE', wrong, { hint: `streamalert output add ${kind.name} ANOTHER-NAME` })
}

/** Throws Problems with everything that the declaration says against the answers; what is secret is not repeated. */
function check(kind: OutputKind, name: string, answers: readonly Answer[]): void {
  const { error } = kind.config.safeParse(optionsOf(answers))
  if (!error) return
  const problems = error.issues.map((issue) => {
    const key = issue.path.join('.')
    const answer = answers.find(({ field }) => keyOf(field) === key)
    const what = key === '' ? 'It' : key
    const says = issue.code === 'invalid_union' ? issue.errors.flat()[0]?.message : issue.message
    const message = answer || key === '' ? `${what} ${says}.` : `${key} is missing.`
    const hint = `--set ${key || 'key'}=…, for a secret --secret-from-env ${key || 'key'}=VARIABLE or --secret-from-stdin ${key || 'key'}`
    return new CodedError('CONFIG_INVALID', message, {
      place: { name: `${kind.name}:${name}` },
      ...(!answer && { hint }),
    })
  })
  throw new Problems(problems)
}

/** The answers with `secret:NAME` in place of each secret, and the values by these names. */
function withoutSecrets(kind: OutputKind, name: string, answers: readonly Answer[]) {
  const values = new Map<string, string>()
  const named = answers.map(({ field, value }): Answer => {
    if (!field.secret || typeof value !== 'string' || secretReference.test(value)) return { field, value }
    const secret = nameOfSecret([kind.name, name, ...field.path])
    values.set(secret, value)
    return { field, value: `secret:${secret}` }
  })
  return { named, values }
}

/** `slack`, `on-call`, `botToken` → SLACK_ON_CALL_BOT_TOKEN */
const nameOfSecret = (parts: readonly string[]) =>
  parts
    .map((part) => part.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').replaceAll(/[^A-Za-z0-9]/g, '_'))
    .join('_')
    .toUpperCase()
