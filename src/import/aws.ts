import type { CodedError } from '../core/errors.ts'
import { filesIn } from './folders.ts'
import { oldCluster, settings } from './forms.ts'
import { type AwsClusterDraft, type AwsPlace, convertCluster } from './aws-cluster.ts'
import { plainName } from './names.ts'
import { at, object, texts } from './values.ts'
import { type Files, readFile } from './read.ts'

/** The section `aws`, as far as the predecessor's files tell it. */
export interface AwsDraft {
  readonly region: string
  readonly prefix: string
  readonly account?: string
  /** Options of the whole deployment: name → value. */
  readonly options: Readonly<Record<string, unknown>>
  readonly clusters: readonly AwsClusterDraft[]
  readonly notes: readonly string[]
}

/**
 * Reads what the predecessor deployed: `conf/global.json` and the modules of `conf/clusters/*.json`. Undefined where `account` names no
 * region or prefix. Streams that were made there are attached, not made again; buckets keep their notifications until a person
 * changes them. Faults of the files are told where their log types are converted.
 */
export function convertAws(files: Files): AwsDraft | undefined {
  const unheard: CodedError[] = []
  const global = readFile(files, 'conf/global.json', settings, unheard)?.value
  const { region, prefix, aws_account_id: account } = object(at(global, 'account'))
  if (typeof region !== 'string' || typeof prefix !== 'string' || !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region))
    return undefined
  const id = typeof account === 'string' && /^\d{12}$/.test(account) ? account : undefined
  const place = { region, account: id ?? 'ACCOUNT', prefix }
  const clusters = filesIn(files, ['conf/clusters'], '.json').flatMap((file) => {
    const read = readFile(files, file, oldCluster, unheard)
    const name =
      read?.value.id ??
      file
        .split('/')
        .at(-1)!
        .replace(/\.json$/, '')
    return read ? [convertCluster(plainName(name), read.value, place)] : []
  })
  const plain = prefix
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
    .replace(/^\d+/, '')
    .slice(0, 20)
  return {
    region,
    prefix: plain.length < 3 ? 'streamalert' : plain,
    ...(id !== undefined && { account: id }),
    options: globalOptions(global, place),
    clusters,
    notes: globalNotes(global),
  }
}

/** What was kept, and who was told. */
function globalOptions(global: unknown, { region, account }: AwsPlace): AwsDraft['options'] {
  const kept = at(global, 'infrastructure', 'firehose', 'enabled') === true
  const topic = at(global, 'infrastructure', 'monitoring', 'sns_topic_name')
  return {
    ...(kept && { history: { records: '365d' } }),
    ...(typeof topic === 'string' && { alarms: { topicArn: `arn:aws:sns:${region}:${account}:${topic}` } }),
  }
}

/** Settings of deployment that are no cluster's, and that a person has to look at. */
function globalNotes(global: unknown): string[] {
  const own = (...path: readonly string[]) => at(global, ...path) !== undefined
  return [
    ...(at(global, 'infrastructure', 'firehose', 'enabled') === true
      ? [
          'Firehose kept records for ever; "history" says how long they are kept here. Its stream, its alarms for each log and its bucket are not taken over.',
        ]
      : []),
    ...(own('account', 'kms_key_alias') ? ['Keys are made anew: one for data, one for secrets.'] : []),
    ...(own('infrastructure', 's3_access_logging') ? ['Accesses to buckets are logged in a bucket that is made.'] : []),
    ...(texts(at(global, 'general', 'terraform_files')).length > 0
      ? ['Terraform files of your own are not run: keep them in a configuration of their own.']
      : []),
    'The state of Terraform, its bucket and the tables begin anew; both versions can run side by side.',
  ]
}
