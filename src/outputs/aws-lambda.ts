import { z } from 'zod'
import { awsOptions } from '../aws/options.ts'
import { defineOutput } from '../core/component.ts'
import { connectAws, payloadOf, payloadOption } from './shared/aws.ts'
import { cutText } from './shared/cut.ts'
import { overridesOf } from './shared/words.ts'

/** 1 MB of asynchronous calls: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const longest = 1_000_000

const functionName = /^(arn:[\w-]+:lambda:[\w-]+:\d{12}:function:)?[\w-]{1,64}(:(\$LATEST|[\w-]+))?$/

/**
 * Calls a function with each alert as its event: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 * It is called asynchronously (`InvocationType: Event`): Lambda takes the event and tries again by itself. Repeats carry the same
 * alert id. Publishers may give `@aws-lambda.alert_data`: the event.
 */
export default defineOutput({
  name: 'aws-lambda',
  summary: 'Calls an AWS Lambda function with each alert, without waiting for its result.',
  setup:
    'Allow `lambda:InvokeFunction` on the function, and on the alias or version if you name one. It is called asynchronously: ' +
    'Lambda tries again by itself. An event that comes twice has the same `id`.',
  config: z.strictObject({
    function: z
      .string()
      .regex(functionName, 'is not a function: write its name, name:alias or ARN')
      .meta({ description: 'Name or ARN of the function; `name:alias` and `name:version` work too.' }),
    qualifier: z
      .string()
      .regex(/^(\$LATEST|[\w-]{1,128})$/, 'is not an alias or version')
      .optional()
      .meta({ description: 'Alias or version. Default: the newest.' }),
    payload: payloadOption,
    ...awsOptions,
  }),
  examples: [
    {
      title: 'An alias of a function',
      config: { function: 'respond-to-alert', qualifier: 'live', region: 'eu-central-1' },
    },
    {
      title: 'A function of another account, by a role there',
      config: {
        function: 'arn:aws:lambda:eu-central-1:123456789012:function:respond-to-alert',
        assumeRole: { arn: 'arn:aws:iam::123456789012:role/streamalert-invoke' },
      },
    },
  ],
  publisherKeys: {
    alert_data: 'The event that the function gets, in place of alert or record.',
  },
  concurrency: 4,
  create(config, host) {
    const { call, close } = connectAws({ ...config, resource: config.function }, host, async (settings) => {
      const { Lambda } = await import('@aws-sdk/client-lambda')
      return new Lambda(settings)
    })
    return {
      async send(message, abortSignal) {
        const given = overridesOf(message.publication, 'aws-lambda').any('alert_data')
        // A text may take six times its length as JSON.
        const event = typeof given === 'string' ? JSON.stringify(cutText(given, longest / 6)) : given
        const Payload = Buffer.from(payloadOf(message, config.payload, event, longest))
        const input = {
          FunctionName: config.function,
          InvocationType: 'Event' as const,
          Payload,
          ...(config.qualifier !== undefined && { Qualifier: config.qualifier }),
        }
        await call((lambda) => lambda.invoke(input, { abortSignal }))
      },
      close,
    }
  },
})
