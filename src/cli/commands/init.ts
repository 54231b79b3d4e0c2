import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CodedError } from '../../core/errors.ts'
import { configFile } from '../../project/config.ts'
import { packageFile } from '../../project/resolve.ts'
import { writeEditorFiles } from '../../project/types.ts'
import type { Cli, ExitCode } from '../cli.ts'

/**
 * Makes a project from the template: one source, one rule with its test, a sample log. Files that are there stay as they
 * are. PROJECT_EXISTS when the folder holds a project.
 */
export async function init(cli: Cli, dir: string | undefined): Promise<ExitCode> {
  const target = dir === undefined ? cli.dir : resolve(dir)
  refuseProject(target, 'streamalert init DIR')
  const files = copyTemplate(target)
  for (const file of files) if (cli.json) cli.emit({ created: file })
  writeEditorFiles(join(target, '.streamalert'))
  cli.say(nextSteps(target, files))
  return 0
}

/** Copies files of the template (default: all) that are not there; answers their paths within the project. */
export function copyTemplate(target: string, only?: readonly string[]): readonly string[] {
  const template = fileURLToPath(packageFile('templates/project'))
  const files = readdirSync(template, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(template, join(entry.parentPath, entry.name)))
    .filter((file) => (only?.includes(file) ?? true) && !existsSync(join(target, targetName(file))))
    .toSorted()
  for (const file of files) {
    const to = join(target, targetName(file))
    mkdirSync(dirname(to), { recursive: true })
    copyFileSync(join(template, file), to)
  }
  return files.map(targetName)
}

/** Throws PROJECT_EXISTS when the folder holds a project. `command`: how to name another one. */
export function refuseProject(target: string, command: string): void {
  if (existsSync(target) && !statSync(target).isDirectory()) throw new CodedError('USAGE', `${target} is not a folder.`)
  const there = [configFile, 'rules', 'schemas'].filter((name) => existsSync(join(target, name)))
  if (there.length === 0) return
  throw new CodedError('PROJECT_EXISTS', `${target} already holds ${there.join(', ')}.`, {
    hint: `Name another folder: ${command}.`,
  })
}

/** npm leaves files called .gitignore out of packages. */
const targetName = (file: string) => (basename(file) === 'gitignore' ? join(dirname(file), '.gitignore') : file)

function nextSteps(target: string, files: readonly string[]): string {
  const path = relative(process.cwd(), target)
  const here = path.startsWith('..') ? target : path
  const command = process.env['npm_command'] === 'exec' ? 'npx streamalert' : 'streamalert'
  const project = here === '' ? '' : ` --project ${here.includes(' ') ? JSON.stringify(here) : here}`
  return [
    `Made a project in ${here === '' ? 'this folder' : here}:`,
    ...files.map((file) => `  ${file}`),
    '\nNext:',
    `  ${command} run --once${project}     read the sample log and raise an alert`,
    `  ${command} test${project}           run the tests of the rules`,
    `  ${command} run${project}            stay, and follow the logs`,
  ].join('\n')
}
