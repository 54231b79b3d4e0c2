import { Argument, type Command } from 'commander'
import { CodedError } from '../core/errors.ts'
import type { Cli, ExitCode } from './cli.ts'
import type { GivenAnswers } from './output-answers.ts'

/** How the program makes commands. */
export interface Commands {
  add(
    parent: Command,
    usage: string,
    summary: string,
    action: (cli: Cli, ...args: never[]) => Promise<ExitCode>,
  ): Command
  group(name: string, summary: string): Command
}

/** Commands for outputs and for the secrets that they need. */
export function addCredentialCommands({ add, group }: Commands): void {
  const output = group('output', 'add outputs, see what became of their alerts, and try them')
  add(
    output,
    'add',
    'add an output to streamalert.yaml; asks for what is not given, and keeps secrets out of the file',
    async (cli, kind: string, name: string | undefined, options: GivenAnswers) =>
      (await import('./commands/output-add.ts')).addOutput(cli, kind, name, options),
  )
    .addArgument(new Argument('<kind>', 'such as slack, pagerduty or webhook'))
    .addArgument(new Argument('[name]', 'of your choice (default: main); rules name it kind:name'))
    .option('--set <key=value>', 'an option of the output; may be repeated', list)
    .option('--secret-from-env <key=variable>', 'a secret option, from an environment variable; may be repeated', list)
    .option('--secret-from-stdin <key>', 'a secret option, from standard input')
  add(output, 'list', 'the configured outputs, and what became of the alerts to each', async (cli) =>
    (await import('./commands/output-list.ts')).listOutputs(cli),
  )
  add(output, 'test <name>', 'send a marked test alert, and show what the far end answers', async (cli, name: string) =>
    (await import('./commands/output-test.ts')).testOutput(cli, name),
  )

  const secret = group('secret', 'keep passwords, tokens and keys out of the configuration')
  add(
    secret,
    'set <name>',
    'store a value, typed without echo or from standard input; the configuration names it secret:NAME',
    async (cli, name: string, options: { fromEnv?: string; aws?: true }) =>
      (await import('./commands/secret.ts')).setSecret(cli, name, options),
  )
    .option('--from-env <variable>', 'take the value from this environment variable')
    .option('--aws', 'put it into AWS Secrets Manager, where the outputs of a deployment look')
    // Commander would repeat what is too much, and it may be the value.
    .allowExcessArguments()
    .hook('preAction', (_, { args }) => {
      if (args.length === 1) return
      throw new CodedError('USAGE', 'A value is not taken from the command line, where others can see it.', {
        hint: 'Type it when asked, write it to standard input, or name a variable with --from-env.',
      })
    })
  add(secret, 'list', 'names, providers and ages of secrets, and what uses them; never values', async (cli) =>
    (await import('./commands/secret-list.ts')).listSecrets(cli),
  )
  add(secret, 'remove <name>', 'remove a stored value', async (cli, name: string) =>
    (await import('./commands/secret.ts')).removeSecret(cli, name),
  )
  add(secret, 'rotate', 'encrypt all stored values with a new key', async (cli) =>
    (await import('./commands/secret.ts')).rotateSecrets(cli),
  )
}

const list = (text: string, earlier: string[] = []): string[] => [...earlier, text]
