import { z } from 'zod'
import { awsOptions } from '../aws/options.ts'
import { defineOutput } from '../core/component.ts'
import { connectAws } from './shared/aws.ts'
import { emailBytes, emailOf, mailbox, mailboxes } from './shared/email.ts'

/**
 * Sends each alert as an e-mail in MIME form: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
 * SES replaces the `Message-ID`, so the one it answers is kept, and an update is a reply to it. The service has no deduplication;
 * the header `X-StreamAlert-Alert` holds the alert's id.
 * Publishers may give `@aws-ses.subject`, `.body` (a text, or texts by type), `.attach_record` (false: none) and `.attachments`
 * (texts by file name).
 */
export default defineOutput({
  name: 'aws-ses',
  summary: 'Sends each alert as an e-mail by Amazon SES, with the record attached.',
  setup:
    'Verify the domain or address of the sender in SES. Allow `ses:SendRawEmail` and `ses:SendEmail` on its identity.',
  config: z.strictObject({
    from: mailbox('Sender, verified in SES.'),
    to: mailboxes('Who gets it.').min(1),
    cc: mailboxes('Who gets a copy.').default([]),
    configurationSet: z.string().min(1).optional().meta({ description: 'Configuration set of SES to use.' }),
    ...awsOptions,
  }),
  examples: [
    {
      title: 'To a team',
      config: { from: 'StreamAlert <alerts@example.com>', to: ['security@example.com'], region: 'eu-central-1' },
    },
  ],
  forPeople: true,
  publisherKeys: {
    subject: 'The subject.',
    body: 'The text, or an object of texts by type: `text/plain`, `text/html`.',
    attach_record: '`false` leaves the attached record out.',
    attachments: 'An object of further attachments, by file name.',
  },
  concurrency: 4,
  create(config, host) {
    const { call, close } = connectAws(config, host, async (settings) => {
      const { SESv2 } = await import('@aws-sdk/client-sesv2')
      return new SESv2(settings)
    })
    return {
      async send(message, abortSignal) {
        const { from, to, cc } = config
        const email = emailOf(message, 'aws-ses', { from, to, cc }, message.earlier)
        const Data = await emailBytes(email, message.alert.id)
        return call(async (ses) => {
          const { MessageId } = await ses.sendEmail(
            {
              FromEmailAddress: from,
              Destination: { ToAddresses: to, CcAddresses: cc },
              Content: { Raw: { Data } },
              ...(config.configurationSet !== undefined && { ConfigurationSetName: config.configurationSet }),
            },
            { abortSignal },
          )
          return MessageId && `<${MessageId}@${await mailDomain(ses.config.region())}>`
        })
      },
      close,
    }
  },
})

/** What SES puts behind the id in `Message-ID`: https://docs.aws.amazon.com/ses/latest/dg/send-email-concepts-email-format.html */
async function mailDomain(region: Promise<string>): Promise<string> {
  const name = await region
  return name === 'us-east-1' ? 'email.amazonses.com' : `${name}.amazonses.com`
}
