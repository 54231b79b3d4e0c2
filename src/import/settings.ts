import type { CodedError } from '../core/errors.ts'
import { isPlainObject } from '../core/plain.ts'
import { filesIn } from './folders.ts'
import { type OldTable, oldLookupTables, settings } from './forms.ts'
import { plainName } from './names.ts'
import { type Files, readFile } from './read.ts'
import { type Entry, notConvertible } from './report.ts'

/** Everything of `conf` that has no place in a project: each part by its name, with the reason. */
export function otherSettings(files: Files, problems: CodedError[]): Entry[] {
  const parts = (file: string, what: string, reason: string, path: readonly string[] = []): Entry[] => {
    const read = readFile(files, file, settings, problems)
    const value = path.reduce<unknown>((found, step) => (isPlainObject(found) ? found[step] : undefined), read?.value)
    if (!read || !isPlainObject(value)) return []
    return Object.keys(value).map((name) => notConvertible(what, name, read.place([...path, name], true), reason))
  }
  const tables = readFile(files, 'conf/lookup_tables.json', oldLookupTables, problems)
  return [
    ...parts(
      'conf/global.json',
      'global setting',
      'it is for deployment on AWS: what of it can be deployed is in the comments on `aws` in streamalert.yaml',
    ),
    ...parts(
      'conf/lambda.json',
      'Lambda setting',
      'its functions are no more; `aws.clusters` of streamalert.yaml says what those of a cluster may use, `workers` what one process may',
    ),
    ...parts('conf/scheduled_queries.json', 'scheduled queries', 'there are no queries over history yet', ['packs']),
    ...Object.entries(tables?.value.tables ?? {}).map(([name, table]) =>
      notConvertible('lookup table', name, tables!.place(['tables', name], true), howToMove(name, table)),
    ),
    ...parts(
      'conf/threat_intel.json',
      'threat intelligence',
      'there is no threat intelligence yet; the normalised names it looked at are kept',
      ['normalized_ioc_types'],
    ),
    ...parts('conf/threat_intel.json', 'threat intelligence exclusion', 'there is no threat intelligence yet', [
      'excluded_iocs',
    ]),
    ...filesIn(files, ['conf'], '.json')
      .filter((file) => !knownFiles.test(file))
      .map((file) => notConvertible('file', file, { file }, 'no file of that name is known')),
  ]
}

function howToMove(name: string, { driver, bucket, key, table }: OldTable): string {
  const from = driver === 's3' ? `s3://${bucket}/${key}` : `the ${driver} table ${table}`
  return `put what ${from} holds into \`lookups/${plainName(name)}.json\`, where rules find it`
}

const knownFiles =
  /^conf\/(schemas\/.+|clusters\/[^/]+|logs|global|lambda|outputs|lookup_tables|normalized_types|scheduled_queries|threat_intel)\.json$/
