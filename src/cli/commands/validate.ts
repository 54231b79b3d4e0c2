import { type CodedError, byPlace, problemsOf } from '../../core/errors.ts'
import { type CodeRequest, codeOf } from '../../project/code-request.ts'
import { inspectProject } from '../../project/load.ts'
import { checkSecrets, openSecrets } from '../../project/open-secrets.ts'
import { checkTypes } from '../../project/types.ts'
import { readCases } from '../../testing/rule-tests.ts'
import { type RuleTestThread, startRuleTestThread } from '../../testing/rule-test-thread.ts'
import { type Cli, type ExitCode, formatProblems, problemToJson } from '../cli.ts'

/**
 * Reports every fault of a project at once: configuration, secrets without a value, schemas, rules, their tests, types. With
 * `remote`, providers of secrets on other machines are asked, too.
 * Exit code 2 when the configuration is broken, 1 for other findings.
 */
export async function validate(cli: Cli, { remote = false }: { readonly remote?: boolean } = {}): Promise<ExitCode> {
  const problems = await problemsIn(cli, remote)
  for (const problem of problems) if (cli.json) cli.emit(problemToJson(problem))
  if (problems.length === 0) {
    cli.say('No problems found.')
    return 0
  }
  cli.say(formatProblems(problems))
  cli.say(`\n${problems.length} ${problems.length === 1 ? 'problem' : 'problems'} found.`)
  return problems.some(({ code }) => code.startsWith('CONFIG_')) ? 2 : 1
}

async function problemsIn(cli: Cli, remote: boolean): Promise<readonly CodedError[]> {
  try {
    const { project, problems } = await inspectProject(cli.dir)
    const secrets = openSecrets(project, { env: process.env, now: Date.now })
    const found = await Promise.all([
      checkSecrets(project, secrets, { remote }),
      checkTypes(project),
      checkCode(codeOf(project), cli),
    ])
    return [...problems, ...found.flat()].toSorted(byPlace)
  } catch (error) {
    return problemsOf(error)
  }
}

/** Schemas, rules and their tests, loaded in a thread: nothing they do when imported can stop the command. */
async function checkCode(code: CodeRequest, cli: Cli): Promise<readonly CodedError[]> {
  try {
    const onPrinted = (text: string) => cli.warn(text.trimEnd())
    const thread = await startRuleTestThread({ code, now: Date.now(), timeoutMs: 5_000, onPrinted })
    const tests = readCases(code, thread.rules)
    await thread.close()
    sayReplaced(thread.replaced, cli)
    return [...thread.problems, ...tests.problems]
  } catch (error) {
    return problemsOf(error)
  }
}

/** Schemas of the project that bear the name of a built-in one: no fault, but something to know. */
function sayReplaced(replaced: RuleTestThread['replaced'], cli: Cli): void {
  if (replaced.length === 0) return
  const names = replaced.slice(0, 5).map(({ name, place }) => `${name} (${place.file})`)
  const more = replaced.length > names.length ? `, and ${replaced.length - names.length} more` : ''
  cli.say(`In place of the built-in schemas of the same names: ${names.join(', ')}${more}.`)
}
