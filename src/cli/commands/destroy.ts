import { rmSync, writeFileSync } from 'node:fs'
import { CodedError } from '../../core/errors.ts'
import { type Built, buildProject, type BuildFlags, needPackages, outputsFile } from '../aws/build.ts'
import { machineMeans, type Means } from '../aws/means.ts'
import { agree, apply, type Consent, openSession, plan, type Session } from '../aws/session.ts'
import { managedIn } from '../aws/terraform.ts'
import type { Cli, ExitCode } from '../cli.ts'

/** Options of `destroy`. */
export interface DestroyFlags extends BuildFlags, Consent {
  /** Also the data. */
  readonly data?: true
}

/** What holds data, what it is encrypted with, and what keeps it private. Notifications go with the queues they name. */
const holdsData = (type: string) =>
  /^aws_(dynamodb_table|s3_bucket\w*|kms_\w+|secretsmanager_\w+|glue_\w+|athena_\w+)$/.test(type) &&
  type !== 'aws_s3_bucket_notification'

/**
 * Deletes what was deployed. Tables, buckets, keys, secrets and the tables of the history stay, and stay in the state, so that a later
 * `deploy` finds them; with `data` they are deleted, too. The state's bucket stays always.
 */
export async function destroy(cli: Cli, flags: DestroyFlags, means: Means = machineMeans(cli)): Promise<ExitCode> {
  const built = await buildProject(cli, flags, means)
  // Terraform reads the packages even to delete the functions that are made of them.
  if (flags.packages !== undefined) needPackages(built)
  else for (const file of built.missing) writeFileSync(file, '')
  const session = await openSession(cli, built, means, async () => false)
  if (!session) throw nothingThere(built)
  const addresses = await managedIn(means.terraform, built.infra)
  if (addresses.length === 0) throw nothingThere(built)
  const done = await (flags.data
    ? withData(cli, session, means, flags, addresses)
    : withoutData(cli, session, means, flags, addresses))
  if (!done) {
    cli.say('Nothing was deleted.')
    return 1
  }
  rmSync(outputsFile(built.project), { force: true })
  if (cli.json) cli.emit({ step: 'done', state: session.state.bucket })
  cli.say(`Done. The state stays in ${session.state.bucket}.`)
  return 0
}

const nothingThere = ({ aws }: Built) =>
  new CodedError('NOT_FOUND', `Nothing of "${aws.prefix}" is deployed in this account.`)

/** `module.cluster["prod"].aws_sqs_queue.this` → `aws_sqs_queue` */
const typeOf = (address: string) => /(?:^|\.)(aws_\w+)\.\w+(?:\["[^"]*"\]|\[\d+\])?$/.exec(address)?.[1] ?? ''
const targets = (addresses: readonly string[]) => addresses.map((address) => `-target=${address}`)

async function withoutData(
  cli: Cli,
  session: Session,
  means: Means,
  flags: DestroyFlags,
  addresses: readonly string[],
) {
  const fleeting = addresses.filter((address) => !holdsData(typeOf(address)))
  if (fleeting.length === 0) return true
  const changes = await plan(cli, session, means, ['-destroy', ...targets(fleeting)])
  const wrong = changes.find(({ type }) => holdsData(type))
  if (wrong) throw new CodedError('INTERNAL', `The plan would delete ${wrong.address}, which holds data.`)
  cli.say(`Data stays: ${addresses.length - fleeting.length} resources. With --data it would be deleted.`)
  if (fleeting.some((address) => /^aws_(kinesis_stream|sqs_queue)$/.test(typeOf(address))))
    cli.warn(
      'What streams and queues hold and nobody has read yet is lost. Stop what writes to them first, and let the functions catch up.',
    )
  if (!(await agree('Delete what the plan says?', flags, means))) return false
  await apply(cli, session, means)
  return true
}

/** Protection is taken away first, as AWS and Terraform would refuse otherwise. */
async function withData(cli: Cli, session: Session, means: Means, flags: DestroyFlags, addresses: readonly string[]) {
  const unprotected = '-var=deletion_protection=false'
  const guarded = addresses.filter((address) =>
    /^aws_(dynamodb_table|s3_bucket|athena_workgroup|secretsmanager_secret)$/.test(typeOf(address)),
  )
  cli.say('Alerts, records, quarantine and secrets are deleted, for ever.')
  if (!(await agree(`Delete the data of "${session.built.aws.prefix}"?`, flags, means))) return false
  if (guarded.length > 0) {
    await plan(cli, session, means, [unprotected, ...targets(guarded)])
    await apply(cli, session, means)
  }
  await plan(cli, session, means, ['-destroy', unprotected])
  if (!(await agree('Delete what the plan says?', flags, means))) return false
  await apply(cli, session, means)
  return true
}
