import type { Screen } from '../../core/component.ts'
import { CodedError, problemsOf } from '../../core/errors.ts'
import { nearestName, suggest } from '../../core/nearest.ts'
import { secretsOf } from '../../core/secrets.ts'
import { span } from '../../core/text/quantity.ts'
import { loadProject, outputNames, type Project, terminalOutput } from '../../project/load.ts'
import type { ConfiguredOutput } from '../../project/index.ts'
import { openSecrets } from '../../project/open-secrets.ts'
import terminal from '../../outputs/terminal/index.ts'
import { createScreen } from '../../runtimes/embedded/terminal/index.ts'
import { type Cli, type ExitCode, formatProblems } from '../cli.ts'
import { createInput, type Input } from '../input.ts'
import { testMessage } from '../test-alert.ts'

/**
 * Sends a marked test alert to one output and tells what the far end answered. Exit code 1 when it did not take it, 2 when the
 * output is configured wrongly or a secret is missing.
 */
export async function testOutput(cli: Cli, name: string, input: Input = createInput(cli)): Promise<ExitCode> {
  const project = await loadProject(cli.dir)
  const output = find(name, project)
  const started = performance.now()
  const { error, receipt } = await send(output, project, cli, input.env)
  const ms = Math.round(performance.now() - started)
  if (cli.json) {
    const { code, message, hint = null, retry } = error ?? {}
    const failure = error && { code, message, hint, retry }
    cli.emit({ output: output.name, ok: !error, ms, receipt: receipt ?? null, ...(failure && { error: failure }) })
  }
  if (error) cli.say(`${output.name} did not take the test alert.\n${formatProblems([error])}`)
  else cli.say(`${output.name} took the test alert in ${span(ms)}${receipt ? `; receipt: ${receipt}` : ''}.`)
  return error ? (failures.has(error.code) ? 1 : 2) : 0
}

/** No fault of the configuration. */
const failures: ReadonlySet<CodedError['code']> = new Set([
  ...(['OUTPUT_UNAVAILABLE', 'OUTPUT_REJECTED', 'SECRET_UNAVAILABLE', 'SECRET_DAMAGED', 'INTERNAL'] as const),
])

type Sendable = Pick<ConfiguredOutput, 'name' | 'kind' | 'options'>

/** By `kind:name`, or by the name alone where only one output has it. Throws CONFIG_UNKNOWN_NAME, AMBIGUOUS. */
function find(name: string, { outputs, config }: Project): Sendable {
  const onScreen = { name: terminalOutput, kind: terminal, options: terminal.config.parse({}) }
  const all: readonly Sendable[] = outputs.some((one) => one.name === terminalOutput) ? outputs : [...outputs, onScreen]
  const found = all.filter((one) => one.name === name || one.name.endsWith(`:${name}`))
  if (found.length === 1) return found[0]!
  const names = outputNames(config)
  if (found.length === 0)
    throw new CodedError('CONFIG_UNKNOWN_NAME', `There is no output "${name}".`, { hint: hint(name, names) })
  throw new CodedError('AMBIGUOUS', `Several outputs are called "${name}": ${found.map((one) => one.name).join(', ')}.`)
}

function hint(name: string, names: readonly string[]): string {
  const short = nearestName(
    name,
    names.map((one) => one.slice(one.indexOf(':') + 1)),
  )
  const meant = names.find((one) => one.endsWith(`:${short}`))
  return meant === undefined ? suggest(name, names) : `Did you mean "${meant}"?`
}

async function send({ name, kind, options }: Sendable, project: Project, cli: Cli, env: Input['env']) {
  const secrets = openSecrets(project, { env, now: Date.now })
  // An output keeps its secrets to itself; should one not, nothing of them is shown all the same.
  const { hide, redact } = secretsOf({ secret: secrets.get })
  const host = {
    name,
    projectDir: project.dir,
    fetch: globalThis.fetch,
    now: Date.now,
    log: ({ message }: { readonly message: string }) => cli.warn(redact(message)),
    secret: async (secret: string) => hide(await secrets.get(secret)),
    screen: screenOf(cli, env),
    sensitive: () => [],
  }
  const [cluster = 'default'] = Object.keys(project.config.clusters)
  try {
    const output = kind.create(options, host)
    try {
      const signal = AbortSignal.timeout(project.config.delivery.timeout)
      const receipt = await output.send(testMessage(name, cluster, Date.now()), signal)
      return { receipt: receipt ? redact(receipt) : undefined }
    } finally {
      await output.close?.()
    }
  } catch (thrown) {
    const [error] = problemsOf(thrown)
    const { code, message, retry, hint } = error!
    const place = { name }
    return {
      error: new CodedError(code, redact(message), { place, retry, ...(hint !== undefined && { hint: redact(hint) }) }),
    }
  }
}

/** With `--json` standard output belongs to the machine. */
function screenOf(cli: Cli, env: Input['env']): Screen {
  const { colour, columns } = createScreen({ alerts: process.stdout, people: process.stderr, env, now: Date.now })
  return { colour: colour && !cli.json, columns, write: (text) => cli.say(text.trimEnd()) }
}
