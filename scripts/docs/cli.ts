import type { Command } from 'commander'
import { createProgram } from '../../src/cli/program.ts'
import { table } from './options.ts'

/** The commands with their arguments and options, as their own help says. */
export function cliPage(): string {
  const program = createProgram('', () => {})
  const leaves = commandsOf(program, [])
  return [
    '# Commands',
    '`streamalert <command>`; in a clone, `npx streamalert <command>`. Exit codes: 0 fine, 1 findings or failures, 2 wrong use or broken configuration.',
    'Every command takes:',
    optionRows(program).trimEnd(),
    ...leaves.map(({ path, command }) => section(path, command, program)),
  ].join('\n\n')
}

function commandsOf(parent: Command, path: readonly string[]): { path: string; command: Command }[] {
  return parent.commands.flatMap((command) => {
    const here = [...path, command.name()]
    return command.commands.length > 0 ? commandsOf(command, here) : [{ path: here.join(' '), command }]
  })
}

function section(path: string, command: Command, program: Command): string {
  const shared = new Set(program.options.map((option) => option.long))
  const own = command.options.filter((option) => !shared.has(option.long))
  const args = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '…' : ''}`
    return argument.required ? ` ${name.toUpperCase()}` : ` [${name.toUpperCase()}]`
  })
  const explained = command.registeredArguments.filter((argument) => argument.description)
  return [
    `## ${path}${args.join('')}`,
    `${command.description()[0]!.toUpperCase()}${command.description().slice(1)}.`,
    ...(explained.length > 0
      ? [explained.map((argument) => `\`${argument.name()}\`: ${argument.description}.`).join('\n\n')]
      : []),
    ...(own.length > 0 ? [table(['option', 'meaning'], own.map(optionRow)).trimEnd()] : []),
  ].join('\n\n')
}

const optionRow = (option: { flags: string; description: string; defaultValue?: unknown }) => [
  `\`${option.flags}\``,
  `${option.description}${option.defaultValue === undefined ? '' : ` (default: ${JSON.stringify(option.defaultValue)})`}`,
]

const optionRows = (command: Command) => table(['option', 'meaning'], command.options.map(optionRow))
