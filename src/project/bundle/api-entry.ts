import { fileURLToPath } from 'node:url'
import { awsOf } from '../aws/index.ts'
import { grantsOf } from '../aws/api.ts'
import type { ProjectCode } from '../code.ts'
import type { Project } from '../load.ts'
import { packageModule } from '../resolve.ts'
import { commonOf, sensitiveOf } from './entries.ts'

const ours = (path: string): string => JSON.stringify(fileURLToPath(packageModule(path)))

/** Whether somebody may ask what happened: only then there is a function that answers. */
export const hasApi = (project: Project): boolean => (project.config.aws?.api.access ?? []).length > 0

/** The first module of the function that answers: who may do what, and what is hidden. None of the project's code is in it. */
export function apiEntry(project: Project, code: ProjectCode): string {
  const { kept } = commonOf(project)
  const { maxAlerts } = project.config.staging
  const known = { kept, maxAlerts, grants: grantsOf(awsOf(project).api), sensitive: sensitiveOf(code) }
  return `
import { createApiHandler, lambdaApiSurroundings } from ${ours('src/runtimes/aws/api')}
import { lambdaSurroundings } from ${ours('src/runtimes/aws/surroundings')}
export const handler = createApiHandler(${JSON.stringify(known)}, await lambdaApiSurroundings(lambdaSurroundings()))
`
}
