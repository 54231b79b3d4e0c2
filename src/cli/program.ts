import { Argument, Command, InvalidArgumentError, Option } from 'commander'
import { type Cli, type ExitCode, type Streams, createCli } from './cli.ts'
import { addAwsCommands } from './aws-commands.ts'
import { addCredentialCommands } from './credential-commands.ts'
import { addHistoryCommands } from './history-commands.ts'
import { duration } from './numbers.ts'
import type { ExplainFlags } from './commands/explain.ts'
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
  add(
    program,
    'test [pattern...]',
    'run the tests of the rules',
    async (cli, patterns: string[], options: TestFlags) => {
      if (options.mutate) return (await import('./commands/test-mutate.ts')).testMutants(cli, patterns, options)
      if (options.watch) return (await import('./commands/test-watch.ts')).watchTests(cli, patterns, options)
      return (await import('./commands/test.ts')).test(cli, patterns, options)
    },
  )
    .option('--timeout <time>', 'time the tests of one rule may take', duration, 5_000)
    .option('--watch', 'run again what has changed, until Ctrl-C')
    .option('--junit <file>', 'also write the results as JUnit XML')
    .addOption(
      new Option('--mutate', 'break the rules in small ways, and show what no test notices').conflicts([
        'watch',
        'junit',
      ]),
    )
    .option('--min-score <percent>', 'with --mutate: fail when fewer mutants are killed', percent, 0)
  add(
    program,
    'explain',
    'show why a rule alerts on a record or does not',
    async (cli, rule: string, file: string, flags: ExplainFlags) =>
      (await import('./commands/explain.ts')).explain(cli, rule, file, flags),
  )
    .addArgument(new Argument('<rule>', 'its name'))
    .addArgument(
      new Argument(
        '<record>',
        'a file with the text of one or more records, as the source has it; - for standard input',
      ),
    )
    .option('--schema <name>', 'the file holds a record of this log type as the rule sees it, as JSON')
    .option('--cluster <name>', "where the record comes from (default: the rule's first)")
    .option('--timeout <time>', 'time the rule may take', duration, 5_000)
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

  const rules = group('rules', 'show rules, and hold back those that are new')
  add(rules, 'list', 'every rule: its state, hits, alerts and errors', async (cli) =>
    (await import('./commands/rules.ts')).listRules(cli),
  )
  add(
    rules,
    'stage <name>',
    'store the alerts of a rule and send none, until it is promoted',
    async (cli, name: string, options: { for?: number }) =>
      (await import('./commands/rules.ts')).stageRule(cli, name, options),
  ).option('--for <time>', 'promote it by itself after 48h, 7d, if it was quiet', duration)
  add(rules, 'promote <name>', 'send the alerts of a staged rule from now on', async (cli, name: string) =>
    (await import('./commands/rules.ts')).promoteRule(cli, name),
  )

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

/** Options of `test`. */
interface TestFlags {
  readonly timeout: number
  readonly watch?: true
  readonly junit?: string
  readonly mutate?: true
  readonly minScore: number
}

function names(text: string, earlier: string[] = []): string[] {
  const found = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  if (found.length === 0) throw new InvalidArgumentError('Write at least one name.')
  return [...earlier, ...found]
}

function percent(text: string): number {
  if (/^\d{1,3}(?:\.\d+)?$/.test(text) && Number(text) <= 100) return Number(text)
  throw new InvalidArgumentError('Write a number from 0 to 100.')
}
