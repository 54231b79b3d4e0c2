import { z } from 'zod'
import { awsOptions } from '../aws/options.ts'
import { defineOutput } from '../core/component.ts'
import { connectAws } from './shared/aws.ts'
import { cutValue, jsonOf } from './shared/cut.ts'
import { text } from './shared/fields.ts'

/** 1,000 KiB before base64, with the line's end: https://docs.aws.amazon.com/firehose/latest/APIReference/API_Record.html */
const longest = 1_024_000 - 1

/**
 * Puts each alert as one line of JSON: https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecord.html
 * The service has no deduplication; the line holds the alert's id.
 */
export default defineOutput({
  name: 'aws-firehose',
  summary: 'Puts each alert as a line of JSON into an Amazon Data Firehose stream.',
  setup: 'Allow `firehose:PutRecord` on the stream. A line that comes twice has the same `id`.',
  config: z.strictObject({ stream: text('Name of the stream.'), ...awsOptions }),
  examples: [{ title: 'Alerts into a data lake', config: { stream: 'alerts', region: 'eu-central-1' } }],
  concurrency: 4,
  create(config, host) {
    const { call, close } = connectAws(config, host, async (settings) => {
      const { Firehose } = await import('@aws-sdk/client-firehose')
      return new Firehose(settings)
    })
    return {
      async send({ alert, publication }, abortSignal) {
        const Data = Buffer.from(`${jsonOf(cutValue(publication, longest, alert.id))}\n`)
        await call((firehose) =>
          firehose.putRecord({ DeliveryStreamName: config.stream, Record: { Data } }, { abortSignal }),
        )
      },
      close,
    }
  },
})
