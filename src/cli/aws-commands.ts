import type { Command } from 'commander'
import type { BuildFlags } from './aws/build.ts'
import type { DeployFlags } from './commands/deploy.ts'
import type { DestroyFlags } from './commands/destroy.ts'
import type { Commands } from './credential-commands.ts'

const packages = ['--packages <dir>', 'folder that holds ingest.zip, dispatch.zip, compact.zip and api.zip'] as const
const yes = ['--yes', 'ask nothing'] as const

/** Commands for deployment to AWS. */
export function addAwsCommands({ add, program }: Pick<Commands, 'add'> & { readonly program: Command }): void {
  add(program, 'build', 'write what Terraform needs into .streamalert/build', async (cli, flags: BuildFlags) =>
    (await import('./commands/build.ts')).build(cli, flags),
  ).option(...packages)
  add(program, 'deploy', 'bring the project to AWS: shows the plan, asks, does it', async (cli, flags: DeployFlags) =>
    (await import('./commands/deploy.ts')).deploy(cli, flags),
  )
    .option(...packages)
    .option('--rules', 'only new code for the functions: rules, schemas, publishers; the infrastructure stays as it is')
    .option(...yes)
  add(program, 'destroy', 'delete what was deployed, but not its data', async (cli, flags: DestroyFlags) =>
    (await import('./commands/destroy.ts')).destroy(cli, flags),
  )
    .option(...packages)
    .option('--data', 'delete the data, too: alerts, records, quarantine, secrets')
    .option(...yes)
  add(
    program,
    'doctor',
    'check what deployment needs, and whether AWS is as it was deployed',
    async (cli, flags: BuildFlags) => (await import('./commands/doctor.ts')).doctor(cli, flags),
  ).option(...packages)
}
