import { relative } from 'node:path'
import type { Cli, ExitCode } from '../cli.ts'
import { buildProject, type BuildFlags } from '../aws/build.ts'
import { machineMeans, type Means } from '../aws/means.ts'

/** Writes what Terraform needs into `.streamalert/build`. Touches nothing outside of the project. */
export async function build(cli: Cli, flags: BuildFlags, means: Means = machineMeans(cli)): Promise<ExitCode> {
  const { variablesFile, infra, missing } = await buildProject(cli, flags, means)
  const shown = (path: string) => relative(cli.dir, path)
  if (cli.json) cli.emit({ variables: shown(variablesFile), infra: shown(infra), missing: missing.map(shown) })
  cli.say(`Wrote ${shown(variablesFile)} and ${shown(infra)}.`)
  if (missing.length > 0)
    cli.warn(`Not there yet: ${missing.map(shown).join(', ')}. "deploy" needs them: name their folder with --packages.`)
  return 0
}
