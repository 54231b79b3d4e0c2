import { Argument, type Command, InvalidArgumentError, Option } from 'commander'
import type { ExplainFlags } from './commands/explain.ts'
import type { Commands } from './credential-commands.ts'
import { duration } from './numbers.ts'
import { at } from './place-options.ts'
import type { Place } from './reader.ts'

/** Commands that test rules, explain what they do, and hold them back. */
export function addRuleCommands({ add, group, program }: Commands & { readonly program: Command }): void {
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
    .addOption(timeout('time the tests of one rule may take'))
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
    .addOption(timeout('time the rule may take'))
  const rules = group('rules', 'show rules, and hold back those that are new')
  at(
    add(rules, 'list', 'every rule: its state, hits, alerts and errors', async (cli, place: Place) =>
      (await import('./commands/rules.ts')).listRules(cli, place),
    ),
  )
  at(
    add(
      rules,
      'stage <name>',
      'store the alerts of a rule and send none, until it is promoted',
      async (cli, name: string, options: Place & { for?: number }) =>
        (await import('./commands/rules.ts')).stageRule(cli, name, options),
    ),
  ).option('--for <time>', 'promote it by itself after 48h, 7d, if it was quiet', duration)
  at(
    add(
      rules,
      'promote <name>',
      'send the alerts of a staged rule from now on',
      async (cli, name: string, place: Place) => (await import('./commands/rules.ts')).promoteRule(cli, name, place),
    ),
  )
}

/** Options of `test`. */
interface TestFlags {
  readonly timeout: number
  readonly watch?: true
  readonly junit?: string
  readonly mutate?: true
  readonly minScore: number
}

const timeout = (what: string) => new Option('--timeout <time>', what).argParser(duration).default(5_000, '5s')

function percent(text: string): number {
  if (/^\d{1,3}(?:\.\d+)?$/.test(text) && Number(text) <= 100) return Number(text)
  throw new InvalidArgumentError('Write a number from 0 to 100.')
}
