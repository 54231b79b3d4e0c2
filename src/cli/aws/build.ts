import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CodedError, Problems } from '../../core/errors.ts'
import {
  awsOf,
  type AwsConfig,
  localOutputs,
  type Packages,
  toTfvars,
  type Variables,
} from '../../project/aws/index.ts'
import { codeOf } from '../../project/code-request.ts'
import { loadProject, type Project } from '../../project/load.ts'
import { packageFile } from '../../project/resolve.ts'
import type { Cli } from '../cli.ts'
import type { Means } from './means.ts'

/** Options of every command that builds. */
export interface BuildFlags {
  /** Folder that holds ingest.zip and dispatch.zip, and compact.zip and api.zip where they are needed. Default: they are made. */
  readonly packages?: string
}

/** What Terraform is run on. */
export interface Built {
  readonly project: Project
  readonly aws: AwsConfig
  readonly variables: Variables
  /** The root module, absolute. */
  readonly infra: string
  /** The values of its variables, absolute. */
  readonly variablesFile: string
  /** Packages that are not there. */
  readonly missing: readonly string[]
}

/** The folder of what is built, within the project; what is in it can always be made anew. */
const buildFolder = (project: Pick<Project, 'dir'>) => join(project.dir, '.streamalert', 'build')

/** What `deploy` printed last: the outputs of Terraform. */
export const outputsFile = (project: Pick<Project, 'dir'>) => join(buildFolder(project), 'outputs.json')

/**
 * Checks the project and writes what Terraform needs into `.streamalert/build`: `infra/`, the values of its variables, and the packages
 * where they can be made. Throws Problems.
 */
export async function buildProject(cli: Cli, flags: BuildFlags, { bundle }: Pick<Means, 'bundle'>): Promise<Built> {
  const project = await loadProject(cli.dir)
  const aws = awsOf(project)
  const folder = buildFolder(project)
  const infra = join(folder, 'infra')
  copyInfra(infra)
  const zips = flags.packages === undefined ? folder : resolve(flags.packages)
  const packages = flags.packages === undefined && bundle ? await bundle(project, folder) : packagesIn(zips, aws)
  const { variables, problems } = toTfvars(project, await schemasOf(project), packages)
  if (problems.length > 0) throw new Problems(problems)
  const variablesFile = join(folder, 'streamalert.auto.tfvars.json')
  writeFileSync(variablesFile, `${JSON.stringify(variables, undefined, 2)}\n`)
  for (const name of localOutputs(project.outputs))
    cli.warn(`${name} writes where it runs: a function has no disk or terminal, so on AWS nobody will see its alerts.`)
  const missing = Object.values(packages).filter((file) => !existsSync(file))
  return { project, aws, variables, infra, variablesFile, missing }
}

/** Those that a deployment cannot do without are named also when they are not there. */
function packagesIn(dir: string, { api: { access }, history }: AwsConfig): Packages {
  const [compact, api] = ['compact', 'api'].map((name) => join(dir, `${name}.zip`)) as [string, string]
  return {
    ingest: join(dir, 'ingest.zip'),
    dispatch: join(dir, 'dispatch.zip'),
    ...(history.records !== false && history.writer === 'segments' && { compact }),
    ...(access.length > 0 && { api }),
  }
}

/** Schemas are code: they are only imported where records have tables. */
async function schemasOf(project: Project) {
  if (awsOf(project).history.records === false) return []
  const { loadCode } = await import('../../project/code.ts')
  const request = { ...codeOf(project), ruleFiles: [], libraryFiles: [], publisherFiles: [], lookups: [] }
  const { schemas, problems } = await loadCode({ ...request, outputPublishers: [] })
  if (problems.length > 0) throw new Problems(problems)
  return schemas
}

/** Puts the modules into a folder; what Terraform itself keeps there (providers, their checksums) stays. */
function copyInfra(target: string): void {
  const source = fileURLToPath(packageFile('infra'))
  mkdirSync(target, { recursive: true })
  for (const name of readdirSync(target))
    if (name === 'modules' || name.endsWith('.tf')) rmSync(join(target, name), { recursive: true })
  for (const name of readdirSync(source))
    if (name === 'modules' || name.endsWith('.tf')) cpSync(join(source, name), join(target, name), { recursive: true })
}

/** Throws PACKAGE_MISSING unless every package is there. */
export function needPackages({ missing }: Built): void {
  if (missing.length === 0) return
  throw new CodedError('PACKAGE_MISSING', `There is no ${missing.join(', ')}.`, {
    hint: 'Name the folder that holds them: --packages DIR.',
  })
}
