import { Argument, Command, InvalidArgumentError } from 'commander'
import { type Cli, type ExitCode, type Streams, createCli } from './cli.ts'
import { addAwsCommands } from './aws-commands.ts'
import { addCredentialCommands } from './credential-commands.ts'
import { addHistoryCommands } from './history-commands.ts'
import { addRuleCommands } from './rule-commands.ts'
import type { RunFlags } from './commands/run.ts'

/** The commands, with their options and help. Each command's code is imported when it runs. */
export function createProgram(version: string, done: (code: ExitCode) => void, streams: Streams = process): Command {
  const program = new Command('streamalert')
    .description(
      'Real-time log analysis and alerting: typed schemas, rules in TypeScript, alerts raised once and delivered through crashes.',
    )
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .option('--project <dir>', 'the project folder (default: here)')
    .option('--json', 'for machines: one JSON value per line on stdout, text on stderr')
    .showSuggestionAfterError()
    .showHelpAfterError('(streamalert --help shows what there is)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void streams.stdout.write(text),
      writeErr: (text) => void streams.stderr.write(text),
    })
    .configureHelp({ showGlobalOptions: true })

  /** Adds a command; its action gets what all commands get, then its own arguments and options. */
  const add = (
    parent: Command,
    usage: string,
    summary: string,
    action: (cli: Cli, ...args: never[]) => Promise<ExitCode>,
  ) =>
    parent
      .command(usage)
      .description(summary)
      .option('--project <dir>', 'the project folder (default: here)')
      .option('--json', 'one JSON value per line on stdout')
      .action(async (...args: unknown[]) => {
        const command = args.pop() as Command
        done(await action(createCli(command.optsWithGlobals(), streams), ...(args as never[])))
      })
  const group = (name: string, summary: string) => program.command(name).description(summary)

  add(program, 'init [dir]', 'make a new project that runs at once', async (cli, dir: string | undefined) =>
    (await import('./commands/init.ts')).init(cli, dir),
  )
  add(program, 'run', 'read the sources, run the rules, send the alerts', async (cli, options: RunFlags) =>
    (await import('./commands/run.ts')).run(cli, options),
  )
    .option('--once', 'read all that is there, deliver, and end')
    .option('--stdin', 'read what is piped in, instead of the configured sources, to its end')
    .option('--schema <names>', 'with --stdin: its log types: names, groups, globs; separated by commas', names)
    .option('--cluster <name>', 'with --stdin: where it comes from (default: the only cluster)')
  add(
    program,
    'classify',
    'show how each record of a file is parsed',
    async (cli, files: string[], options: { schemas?: string[] }) =>
      (await import('./commands/classify.ts')).classify(cli, files, options),
  )
    .addArgument(new Argument('<file...>', 'log files, plain, gzip or zstd; - for standard input'))
    .option('--schemas <names>', 'only these log types: names, groups, globs; separated by commas', names)
  addRuleCommands({ add, group, program })
  add(
    program,
    'validate',
    'check configuration, secrets, schemas, rules, tests and types',
    async (cli, options: { remote?: true }) => (await import('./commands/validate.ts')).validate(cli, options),
  ).option('--remote', 'also ask providers of secrets on other machines for each secret')

  add(
    program,
    'import <dir>',
    'convert the conf and rules of a Python StreamAlert into a new project',
    async (cli, dir: string) => (await import('./commands/import.ts')).importPredecessor(cli, dir),
  )

  addHistoryCommands({ add, group, program })

  const schema = group('schema', 'work on log types')
  add(
    schema,
    'infer <file>',
    'write a schema from samples: types, optional fields, time, meaning',
    async (cli, file: string, options: { name?: string; out?: string }) =>
      (await import('./commands/schema-infer.ts')).inferSchema(cli, file, options),
  )
    .option('--name <name>', 'of the log type, as vendor or vendor:type (default: from the name of the file)')
    .option('--out <file>', 'where to write it; - for standard output (default: schemas/<name>.ts of the project)')

  addCredentialCommands({ add, group })
  addAwsCommands({ add, program })
  return program
}

function names(text: string, earlier: string[] = []): string[] {
  const found = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  if (found.length === 0) throw new InvalidArgumentError('Write at least one name.')
  return [...earlier, ...found]
}
