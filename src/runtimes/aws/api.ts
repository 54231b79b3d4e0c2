import type { Lambda } from '@aws-sdk/client-lambda'
import { createFetch, createReader, type Desk, type Grant, type Masks, type Role } from '../../core/api/index.ts'
import type { Fetch, LogRecord, QuarantineEntry } from '../../core/contracts/index.ts'
import { CodedError, messageOf } from '../../core/errors.ts'
import { isPlainObject } from '../../core/plain.ts'
import { changeLife } from '../../core/staging/index.ts'
import { retryDead } from '../../core/retry-dead.ts'
import type { Retried } from '../../core/retry-quarantine.ts'
import { maskAlert, maskRecord } from '../../outputs/shared/mask.ts'
import { maskFor } from '../../outputs/terminal/mask.ts'
import { bucketBlobs } from './blobs.ts'
import { openDynamoStore } from '../../stores/aws-dynamodb/index.ts'
import type { Common } from './project.ts'
import { retryEvent } from './retry.ts'
import { type Invocation, logTo, type Surroundings, variableOf } from './surroundings.ts'

/** What the function that answers knows of a project. */
export interface ApiProject extends Pick<Common, 'kept'> {
  readonly grants: readonly Grant[]
  /** Alerts that a rule may raise while it is staged, and be promoted by itself. */
  readonly maxAlerts: number
  /** Schema → paths whose values are for admins only. */
  readonly sensitive: Readonly<Record<string, readonly string[]>>
}

/** Beside what all functions have. */
export interface ApiSurroundings extends Surroundings {
  readonly lambda: () => Lambda
}

/** Answer of a function URL. */
export interface UrlResponse {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Alerts that a status counts. */
const newest = 2_000
/** What a request may take, milliseconds: the client waits longer. */
const mostTime = 24_000
const reserve = 2_000

/**
 * The function that answers what happened, behind an address that asks for signatures of IAM
 * (https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html): who asks is what AWS says, never what the request says.
 */
export function createApiHandler(project: ApiProject, around: ApiSurroundings) {
  const log = logTo(around)
  const failed = (error: unknown) => {
    const code = error instanceof CodedError ? error.code : 'INTERNAL'
    log({ level: 'error', code, message: messageOf(error), stack: error instanceof Error ? error.stack : undefined })
  }
  const fetch = createFetch({ clusters: desksOf(project, around), grants: project.grants, failed })

  return async (event: unknown, invocation: Invocation): Promise<UrlResponse> => {
    const began = around.now()
    const request = requestIn(event)
    const remaining = invocation.getRemainingTimeInMillis() - reserve
    const signal = AbortSignal.timeout(Math.max(1, Math.min(mostTime, remaining)))
    const { status, headers, body } = await fetch(request, signal)
    const { method, path, caller = null } = request
    const asked = { method, path: path.slice(0, 200), caller, status, ms: around.now() - began }
    log({ level: 'info', code: 'api', message: `${method} ${asked.path} ${status}`, ...asked })
    return { statusCode: status, headers, body }
  }
}

/** The request in an event of a function URL. */
function requestIn(event: unknown): Parameters<Fetch>[0] {
  const { requestContext, rawPath, rawQueryString, body, isBase64Encoded } = objectOf(event)
  const { http, authorizer } = objectOf(requestContext)
  const { userArn } = objectOf(objectOf(authorizer)['iam'])
  const text = typeof body === 'string' && isBase64Encoded === true ? Buffer.from(body, 'base64').toString() : body
  return {
    method: textOf(objectOf(http)['method']),
    path: textOf(rawPath),
    query: textOf(rawQueryString),
    ...(typeof text === 'string' && { body: text }),
    caller: typeof userArn === 'string' ? userArn : undefined,
  }
}

const objectOf = (value: unknown): Record<string, unknown> => (isPlainObject(value) ? value : {})
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Cluster → what is done there. Names of tables and functions are those of infra/modules/cluster. */
function desksOf(project: ApiProject, around: ApiSurroundings): ReadonlyMap<string, (role: Role) => Desk> {
  const { now } = around
  const prefix = variableOf(around, 'STREAMALERT_PREFIX')
  const lake = variableOf(around, 'STREAMALERT_LAKE')
  const clusters = variableOf(around, 'STREAMALERT_CLUSTERS').split(',')
  const [client, blobs, lambda] = [around.dynamo(), bucketBlobs(around.s3(), lake), around.lambda()]
  const masks = masksOf(project.sensitive)
  const deskOf = (cluster: string) => {
    const table = `${prefix}-${cluster}-state`
    const store = openDynamoStore({ client, table, cluster, blobs, kept: project.kept })
    const [whole, masked] = [createReader(store, { now, newest }), createReader(store, { now, newest, masks })]
    const rest: Omit<Desk, 'reader'> = {
      retryDead: (which, most) => retryDead(store, which, now(), most),
      changeRule: (change) => changeLife(store, change, { now: now(), maxAlerts: project.maxAlerts }),
      retryQuarantined: (ids) => retryBy(lambda, `${prefix}-${cluster}-ingest`, ids),
    }
    return (role: Role): Desk => ({ reader: role === 'admin' ? whole : masked, ...rest })
  }
  return new Map(clusters.map((cluster) => [cluster, deskOf(cluster)]))
}

/** What those see who are no admins. A record that no schema took is as it came: nobody knows what in it is sensitive. */
function masksOf(sensitive: ApiProject['sensitive']): Masks {
  const pathsOf = (schema: string) => (Object.hasOwn(sensitive, schema) ? sensitive[schema]! : [])
  return {
    alert: (alert) => maskAlert(alert, pathsOf(alert.schema)),
    entry(entry): QuarantineEntry {
      const paths = entry.kind === 'verdict' && entry.schema !== undefined ? pathsOf(entry.schema) : []
      if (paths.length === 0 || entry.raw.length === 0) return entry
      return maskedVerdict(entry, paths)
    },
  }
}

/** A verdict's record is JSON; nothing of it is shown where it cannot be read. What a rule threw may tell of it. */
function maskedVerdict(entry: QuarantineEntry, paths: readonly string[]): QuarantineEntry {
  try {
    const record = JSON.parse(Buffer.from(entry.raw).toString()) as LogRecord
    const raw = Buffer.from(JSON.stringify(maskRecord(record, paths)))
    return { ...entry, raw, message: maskFor({ record }, paths).text(entry.message) }
  } catch {
    return { ...entry, raw: new Uint8Array(), message: 'The record cannot be read.' }
  }
}

/** Has the function that reads try entries again. Throws AWS_FAILED. */
async function retryBy(lambda: Lambda, name: string, ids: readonly string[]): Promise<Retried> {
  const { Payload, FunctionError } = await lambda
    .invoke({ FunctionName: name, Payload: Buffer.from(JSON.stringify(retryEvent(ids))) })
    .catch((error: unknown) => {
      throw new CodedError('AWS_FAILED', `${name}: ${messageOf(error)}`, { cause: error })
    })
  const answer = Payload ? objectOf(JSON.parse(Buffer.from(Payload).toString())) : {}
  if (FunctionError !== undefined) {
    throw new CodedError('AWS_FAILED', `${name} failed: ${textOf(answer['errorMessage']).slice(0, 500)}`)
  }
  const { passed, failed, alerts } = answer
  return { passed: Number(passed ?? 0), failed: Number(failed ?? 0), alerts: Number(alerts ?? 0) }
}

/** The function itself. */
export async function lambdaApiSurroundings(around: Promise<Surroundings>): Promise<ApiSurroundings> {
  const [{ Lambda: Client }, { clientSettings }] = await Promise.all([
    import('@aws-sdk/client-lambda'),
    import('../../aws/client.ts'),
  ])
  const settings = await clientSettings({}, { reveal: async (value) => value })
  // Whoever asked tries again: a call that is repeated here would work on beside the first.
  return { ...(await around), lambda: () => new Client({ ...settings, maxAttempts: 1 }) }
}
