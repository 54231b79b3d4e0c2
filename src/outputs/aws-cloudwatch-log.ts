import { z } from 'zod'
import { awsOptions } from '../aws/options.ts'
import { defineOutput } from '../core/component.ts'
import { CodedError } from '../core/errors.ts'
import { connectAws } from './shared/aws.ts'
import { cutValue, jsonOf } from './shared/cut.ts'

/** 1 MB for an event, 1,048,576 bytes for a batch with 26 bytes for each event. */
const longest = 1_000_000
/** Events older than 14 days are refused; a day less, for clocks. */
const oldestMs = 13 * 86_400_000

const logName = (what: string) =>
  z
    .string()
    .regex(/^[^:*\s]{1,512}$/, 'is not a name: no colons, stars or spaces')
    .meta({ description: what })

/**
 * Writes each alert as one event: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
 * The event is JSON, which CloudWatch Logs Insights takes apart: `filter severity = "high" | dedup id`. The service has no deduplication; the
 * event holds the alert's id. A stream that is missing is made.
 */
export default defineOutput({
  name: 'aws-cloudwatch-log',
  summary: 'Writes each alert as an event into an Amazon CloudWatch Logs group.',
  setup:
    'Make the group. Allow `logs:PutLogEvents` and `logs:CreateLogStream` on it. An event that comes twice has the same `id`.',
  config: z.strictObject({
    group: logName('Name of the log group.'),
    stream: logName('Name of the log stream.').default('streamalert'),
    ...awsOptions,
  }),
  examples: [{ title: 'A group for alerts', config: { group: '/security/alerts', region: 'eu-central-1' } }],
  concurrency: 4,
  create(config, host) {
    const where = { logGroupName: config.group, logStreamName: config.stream }
    const { call, close } = connectAws(config, host, async (settings) => {
      const { CloudWatchLogs } = await import('@aws-sdk/client-cloudwatch-logs')
      return new CloudWatchLogs(settings)
    })
    return {
      async send({ alert, publication }, abortSignal) {
        const [created, now] = [Date.parse(alert.createdAt), host.now()]
        const event = {
          timestamp: created > now - oldestMs && created <= now ? created : now,
          message: jsonOf(cutValue(publication, longest, alert.id)),
        }
        await call(async (logs) => {
          const put = () => logs.putLogEvents({ ...where, logEvents: [event] }, { abortSignal })
          const { rejectedLogEventsInfo: refused } = await put().catch(async (error: unknown) => {
            if (!(error instanceof Error && error.name === 'ResourceNotFoundException')) throw error
            await logs.createLogStream(where, { abortSignal }).catch((again: unknown) => {
              // Another one made it at the same moment.
              if (!(again instanceof Error && again.name === 'ResourceAlreadyExistsException')) throw again
            })
            return put()
          })
          if (refused) throw new CodedError('OUTPUT_REJECTED', `AWS: the event is refused: ${JSON.stringify(refused)}`)
        })
      },
      close,
    }
  },
})
