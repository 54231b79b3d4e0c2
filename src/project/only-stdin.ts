import { CodedError } from '../core/errors.ts'
import type { Project } from './load.ts'

/** What `run --stdin` says of what is piped in. */
export interface StdinChoice {
  /** Default: the only one there is. */
  readonly cluster?: string
  /** Log types it may hold, as a source's `schemas`. Default: all. */
  readonly schemas?: readonly string[]
}

/** The project with standard input as its only source, `stdin:stdin`. Throws USAGE when it is not clear in which cluster. */
export async function onlyStdin(project: Project, { cluster: named, schemas }: StdinChoice): Promise<Project> {
  const clusters = Object.keys(project.config.clusters)
  const cluster = named ?? (clusters.length === 1 ? clusters[0] : undefined)
  if (cluster === undefined || !clusters.includes(cluster)) {
    const message = named === undefined ? 'There are several clusters.' : `There is no cluster "${named}".`
    throw new CodedError('USAGE', message, { hint: `Add --cluster with one of ${clusters.join(', ')}.` })
  }
  const { stdin } = await import('../sources/stdin/index.ts')
  const source = {
    ...{ name: 'stdin:stdin', kind: stdin, cluster, options: stdin.config.parse({}) },
    ...{ place: { name: 'stdin:stdin' }, ...(schemas && { schemas }) },
  }
  return { ...project, sources: [source] }
}
