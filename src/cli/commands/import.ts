import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { schemas as builtIn } from '../../../schemas/index.ts'
import { CodedError } from '../../core/errors.ts'
import { type Imported, foldersOf, importProject, summarise } from '../../import/index.ts'
import { outputs } from '../../outputs/index.ts'
import { libraryRules } from '../../project/library.ts'
import { writeEditorFiles } from '../../project/types.ts'
import { type Cli, type ExitCode, formatProblems, problemToJson } from '../cli.ts'
import { copyTemplate, refuseProject } from './init.ts'

/**
 * Converts the folder of a Python StreamAlert into a new project. Exit code 1 when its files have faults, or a test event is not
 * classified as the log type it names; everything else is written all the same.
 */
export async function importPredecessor(cli: Cli, dir: string): Promise<ExitCode> {
  const from = resolve(dir)
  if (!existsSync(join(from, 'conf'))) {
    throw new CodedError('USAGE', `There is no folder "conf" in ${from}.`, {
      hint: 'Name the folder that holds the conf and rules of the Python version.',
    })
  }
  refuseProject(cli.dir, 'streamalert import DIR --project OUT')
  const conf = readFiles(from, ['conf'])
  const imported = importProject(new Map([...conf, ...readFiles(from, foldersOf(conf).code)]), {
    builtIn,
    outputKinds: Object.keys(outputs),
    library: libraryRules().map(({ vendor, name }) => `${vendor}/${name}`),
    now: Date.now(),
  })
  for (const [file, text] of imported.files) {
    const target = join(cli.dir, file)
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, text)
  }
  copyTemplate(cli.dir, ['tsconfig.json', 'gitignore'])
  writeEditorFiles(join(cli.dir, '.streamalert'))
  return report(cli, imported)
}

/** Text files below folders, by their path from `root`. A folder outside of it is left alone. */
function readFiles(root: string, folders: readonly string[]): ReadonlyMap<string, string> {
  const found = folders.flatMap((folder) => {
    const path = resolve(root, folder)
    if (!path.startsWith(root + sep) || !statSync(path, { throwIfNoEntry: false })?.isDirectory()) return []
    return readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(json|py)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
  })
  return new Map(found.map((file) => [relative(root, file).replaceAll(sep, '/'), readFileSync(file, 'utf8')]))
}

function report(cli: Cli, { entries, problems }: Imported): ExitCode {
  const summary = summarise(entries, problems)
  if (cli.json) {
    for (const entry of entries) cli.emit(entry)
    for (const problem of problems) cli.emit(problemToJson(problem))
    cli.emit(summary)
  }
  const misfits = entries.filter(({ what, result }) => what === 'test event' && result === 'not-convertible')
  if (problems.length > 0) cli.say(`${formatProblems(problems)}\n`)
  for (const { name, from, notes } of misfits) cli.say(`${from.file}:${from.line} test event "${name}": ${notes[0]}`)
  const { converted, changed, notConvertible, events } = summary
  cli.say(
    [
      `${converted} converted, ${changed} with a change, ${notConvertible} not convertible, ${problems.length} faults.`,
      `${events.right} of ${events.all} test events are classified as the log type they name.`,
      `\n${join(cli.dir, 'IMPORT.md')} tells of each. Next: streamalert validate --project ${cli.dir}`,
    ].join('\n'),
  )
  return problems.length > 0 || misfits.length > 0 ? 1 : 0
}
