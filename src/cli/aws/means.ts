import type { Packages } from '../../project/aws/index.ts'
import type { Project } from '../../project/load.ts'
import type { Cli } from '../cli.ts'
import { createInput, type Input } from '../input.ts'
import { type AwsClients, awsClients } from './clients.ts'
import { machineTerraform, type Terraform } from './terraform.ts'

/** Makes the packages of the functions' code in a folder. */
export type Bundle = (project: Project, dir: string) => Promise<Packages>

/** What commands of deployment act with. */
export interface Means {
  readonly terraform: Terraform
  /** Clients of a region. */
  readonly aws: (region: string) => AwsClients
  readonly input: Input
  /** Absent: packages are named with `--packages`. */
  readonly bundle?: Bundle
}

/** The machine's own. */
export const machineMeans = (cli: Cli): Means => ({
  terraform: machineTerraform,
  aws: awsClients,
  input: createInput(cli),
  bundle: async (project, dir) => (await import('../../project/bundle/index.ts')).bundleProject(project, dir),
})
