import type { Message, SQS } from '@aws-sdk/client-sqs'
import { commonOf } from '../../src/project/bundle/entries.ts'
import { codeOf } from '../../src/project/code-request.ts'
import { loadCode } from '../../src/project/code.ts'
import { loadProject } from '../../src/project/index.ts'
import { registerResolve } from '../../src/project/resolve.ts'
import type { BatchResponse } from '../../src/runtimes/aws/batch-response.ts'
import { createDispatchHandler, type DispatchHandler } from '../../src/runtimes/aws/dispatch.ts'
import { inThisThread } from '../../src/runtimes/aws/fixture.ts'
import { createIngestHandler, type IngestHandler } from '../../src/runtimes/aws/ingest.ts'
import type { Surroundings } from '../../src/runtimes/aws/surroundings.ts'
import { laterBy, type Run } from './place.ts'
import type { Scenario } from './scenario.ts'

/** What makes the functions of a project, each as after a cold start. */
export interface Functions {
  ingest(around: Surroundings): IngestHandler
  /** `hook`: the value of every secret. */
  dispatch(around: Surroundings, hook: string): DispatchHandler
}

export async function functionsOf({ projectDir }: Scenario): Promise<Functions> {
  registerResolve()
  const project = await loadProject(projectDir)
  const { schemas, rules, tables, problems } = await loadCode(codeOf(project))
  if (problems.length > 0) throw problems[0]!
  const common = commonOf(project)
  const sources = project.sources.map(({ kind, ...source }) => ({ ...source, kind: kind.name }))
  const evaluation = inThisThread({ schemas, rules, tables, sources })
  return {
    ingest: (around) => createIngestHandler({ ...common, sources, evaluation }, around),
    dispatch: (around, hook) =>
      createDispatchHandler(
        {
          ...{ ...common, outputs: project.outputs, sensitive: {} },
          publishersOfRules: new Map(),
        },
        around,
        () => ({ get: async () => hook, advice: () => '' }),
      ),
  }
}

/** What befalls the functions. */
export interface Trouble {
  /** Changes the surroundings of each start of a function. */
  readonly around?: (around: Surroundings) => Surroundings
  /** Resolves when the function that was started last ends: what it would answer nobody gets. */
  readonly gone?: () => Promise<'gone'>
  /** How often each object is announced. Default 1. */
  readonly times?: number
  /** Functions that send at the same time. Default 1. */
  readonly senders?: number
}

const minute = 60_000
const mostRounds = 20
const never = () => new Promise<'gone'>(() => {})
const within = { getRemainingTimeInMillis: () => 300_000 }

/**
 * Gives the functions all that the queue announces, as Lambda does: in batches; what failed, or what a function had that ended, comes
 * again to one that was started anew. Then they send, at once, when windows may close, and when leases have ended.
 */
export async function runOnLambda(functions: Functions, run: Run, trouble: Trouble = {}): Promise<void> {
  const { around: befall = (around: Surroundings) => around, gone = never, times = 1, senders = 1 } = trouble
  let now = run.scenario.now
  const around = () =>
    befall({
      ...{ env: run.env, now: () => now, write() {} },
      ...{ dynamo: run.clients.dynamo, s3: run.clients.s3, sqs: async () => run.clients.sqs() },
    })
  for (let n = 1; n < times; n++) run.announce()
  const sqs = run.clients.sqs()
  let ingest = functions.ingest(around())
  for (let rounds = 0; run.left() > 0; rounds++) {
    const messages = await receive(sqs, run)
    const answer = await Promise.race([gone(), failedOf(ingest, messages).catch(() => 'failed' as const)])
    if (rounds >= mostRounds) throw new Error(`These fail for ever: ${messages.map(({ Body }) => Body).join(' ')}`)
    if (answer === 'gone') {
      // Time passes, and with it whatever the function had reserved for itself.
      now += minute / 4
      ingest = functions.ingest(around())
    }
    const failed = typeof answer === 'string' ? messages.map(({ MessageId }) => MessageId!) : answer
    for (const { MessageId: id, ReceiptHandle } of messages) {
      const message = { QueueUrl: run.queueUrl, ReceiptHandle }
      if (failed.includes(id!)) await sqs.changeMessageVisibility({ ...message, VisibilityTimeout: 0 })
      else await sqs.deleteMessage(message)
    }
  }
  sqs.destroy()
  // Leases outlive who held them: what ended leaves some behind.
  for (const wait of gone === never ? [0, laterBy] : [0, laterBy, 10 * minute]) {
    now += wait
    await Promise.all(Array.from({ length: senders }, () => send(() => functions.dispatch(around(), run.hook), gone)))
  }
}

const receive = async (sqs: SQS, { queueUrl }: Run): Promise<readonly Message[]> =>
  (await sqs.receiveMessage({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 })).Messages ?? []

/** Ids of messages that are to come again. */
async function failedOf(ingest: IngestHandler, messages: readonly Message[]): Promise<readonly string[]> {
  const Records = messages.map(({ MessageId, Body }) => ({
    ...{ messageId: MessageId, body: Body, eventSource: 'aws:sqs' },
    eventSourceARN: 'arn:aws:sqs:eu-central-1:123456789012:acme-prod-objects',
  }))
  const { batchItemFailures } = (await ingest({ Records }, within)) as BatchResponse
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)
}

/** Sends what is due; a function that ends before it is done is started anew. */
async function send(start: () => DispatchHandler, gone: () => Promise<'gone'>): Promise<void> {
  for (;;) {
    const dispatch = start()
    const sending = dispatch({ source: 'streamalert.schedule' }, within)
    if ((await Promise.race([gone(), sending])) !== 'gone') return
    sending.catch(() => {})
  }
}
