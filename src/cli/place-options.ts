import { type Command, Option } from 'commander'

export const onAws = 'of the deployment on AWS'

/** Options that say where to look. */
export const places = () => [
  new Option('--aws', onAws),
  new Option('--cluster <name>', 'with --aws: of this cluster (default: the only one)'),
]

/** Gives them to a command. */
export function at(command: Command): Command {
  for (const option of places()) command.addOption(option)
  return command
}
