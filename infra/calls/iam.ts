import type { WireCall } from '../../src/testing/aws-recorder.ts'
import type { Call } from '../offline/evaluate-policy.ts'

/** Where the calls of a test go. */
export const account = '123456789012'

type Fields = Readonly<Record<string, unknown>>

/**
 * The permissions that a call needs, by the Service Authorization Reference
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html). Throws for a
 * call that is not known here, so that none passes unseen.
 */
export function permissionsOf(call: WireCall): readonly Call[] {
  const of = permissions[call.service]
  if (!of) throw new Error(`A call of ${call.service} is not known: ${call.operation} ${call.path}`)
  return of(call)
}

const permissions: Readonly<Record<string, (call: WireCall) => readonly Call[]>> = {
  s3: objectPermissions,
  dynamodb(call) {
    const { TableName, RequestItems, IndexName } = inputOf(call)
    const tables = TableName === undefined ? Object.keys(RequestItems as Fields) : [TableName]
    const index = typeof IndexName === 'string' ? `/index/${IndexName}` : ''
    return tables.map((table) => plain(call, `table/${table}${index}`))
  },
  // Behind a secret's name AWS puts six characters.
  secretsmanager: (call) => [plain(call, `secret:${String(inputOf(call)['SecretId'])}-abcdef`)],
  firehose: (call) => [plain(call, `deliverystream/${String(inputOf(call)['DeliveryStreamName'])}`)],
  logs(call) {
    const { logGroupName, logStreamName } = inputOf(call)
    // A stream is made in its group, and written to by its own name.
    const stream = call.operation === 'CreateLogStream' ? '' : String(logStreamName)
    return [plain(call, `log-group:${String(logGroupName)}:log-stream:${stream}`)]
  },
  // A batch asks for the permission of a single call.
  sqs: (call) => [
    plain(
      { ...call, operation: call.operation.replace(/Batch$/, '') },
      String(inputOf(call)['QueueUrl']).split('/').at(-1)!,
    ),
  ],
  sns: ({ body, region }) => {
    const input = new URLSearchParams(body)
    const topic = String(input.get('TopicArn')).split(':').at(-1)!
    return [{ action: `sns:${input.get('Action')}`, resource: `arn:aws:sns:${region}:${account}:${topic}` }]
  },
  sts: ({ body }) => {
    const input = new URLSearchParams(body)
    return [{ action: `sts:${input.get('Action')}`, resource: String(input.get('RoleArn')) }]
  },
  // https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
  lambda(call) {
    const name = decodeURIComponent(/\/functions\/([^/]+)\/invocations$/.exec(call.path)![1]!)
    const qualifier = call.query.get('Qualifier')
    const arn = name.startsWith('arn:') ? name : arnOf(call, `function:${name}`)
    return [{ action: 'lambda:InvokeFunction', resource: `${arn}${qualifier === null ? '' : `:${qualifier}`}` }]
  },
  // SendEmail of the second API asks for the first one's permission, by what is sent: here always the bytes of a message.
  ses(call) {
    const { FromEmailAddress, Content } = inputOf(call)
    if (!(Content as Fields | undefined)?.['Raw']) throw new Error('An e-mail that is not raw is not known.')
    const address = /([^<>\s]+@[^<>\s]+)>?$/.exec(String(FromEmailAddress))![1]!
    // Which of them is asked depends on which was verified.
    const identities = [address, address.split('@').at(-1)!]
    return identities.map((identity) => ({ action: 'ses:SendRawEmail', resource: arnOf(call, `identity/${identity}`) }))
  },
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html */
function objectPermissions({ operation, path, query, body, status }: WireCall): readonly Call[] {
  const [bucket = '', ...rest] = decodeURIComponent(path).slice(1).split('/')
  const key = rest.join('/')
  const arn = `arn:aws:s3:::${bucket}`
  if (key === '' && operation === 'POST' && query.has('delete')) {
    const keys = [...body.matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, one]) => one!)
    return keys.map((one) => ({ action: 's3:DeleteObject', resource: `${arn}/${one}` }))
  }
  if (key === '') {
    if (operation !== 'GET' || query.get('list-type') !== '2')
      throw new Error(`Not known: ${operation} ${path}?${query.toString()}`)
    return [{ action: 's3:ListBucket', resource: arn, context: { 's3:prefix': query.get('prefix') ?? '' } }]
  }
  const resource = `${arn}/${key}`
  if (operation === 'PUT' || operation === 'POST') return [{ action: 's3:PutObject', resource }]
  if (operation === 'DELETE') return [{ action: 's3:DeleteObject', resource }]
  const read = { action: query.has('versionId') ? 's3:GetObjectVersion' : 's3:GetObject', resource }
  // Who may not list a bucket is told 403 of an object that is gone (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html).
  return status === 404 ? [read, { action: 's3:ListBucket', resource: arn }] : [read]
}

const plain = (call: WireCall, resource: string): Call => ({
  action: `${call.service}:${call.operation}`,
  resource: arnOf(call, resource),
})

const arnOf = ({ service, region }: WireCall, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`
const inputOf = ({ body }: WireCall): Fields & { TableName?: string } => JSON.parse(body) as Fields
