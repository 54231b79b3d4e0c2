import { once } from 'node:events'
import { connect } from 'node:net'
import { z } from 'zod'
import { authoritiesOf, caOption } from '../connections/authorities.ts'
import { defineOutput } from '../core/component.ts'
import { CodedError, messageOf } from '../core/errors.ts'
import { secretsOf } from './secrets.ts'
import { emailOf, mailbox, mailboxes } from './shared/email.ts'
import { secret, text } from './shared/fields.ts'

const ports = { starttls: 587, tls: 465, none: 25 } as const
const isLoopback = (host: string) => /^(localhost|127(\.\d+){3}|::1)$/.test(host)

/**
 * Hands each alert as an e-mail to a mail server: RFC 6409 (submission), RFC 3207 (STARTTLS), RFC 8314 (TLS from the start).
 * A server that does not offer STARTTLS gets nothing, not even the password. `Message-ID` comes from the alert's id: mailboxes drop repeats,
 * and an update is a reply. Publishers may give `@smtp.subject`, `.body` (a text, or texts by type), `.attach_record`
 * (false: none) and `.attachments` (texts by file name).
 */
export default defineOutput({
  name: 'smtp',
  summary: 'Sends each alert as an e-mail by a mail server, with the record attached.',
  setup: 'An account that may send as the sender. Updates are replies to the e-mail of their alert.',
  config: z
    .strictObject({
      host: text('Mail server.'),
      port: z
        .int()
        .min(1)
        .max(65_535)
        .optional()
        .meta({ description: 'Default: 587; with `tls` 465, with `none` 25.' }),
      security: z.enum(['starttls', 'tls', 'none']).default('starttls').meta({
        description: '`starttls` asks for encryption and insists; `tls` encrypts from the start; `none` does neither.',
      }),
      username: text('User, where the server asks for one.').optional(),
      password: secret('Password of the user.').optional(),
      ca: caOption,
      from: mailbox('Sender.'),
      to: mailboxes('Who gets it.').min(1),
      cc: mailboxes('Who gets a copy.').default([]),
    })
    .refine((config) => (config.username === undefined) === (config.password === undefined), {
      error: 'A username needs a password, and a password a username.',
    })
    .refine((config) => config.security !== 'none' || config.password === undefined || isLoopback(config.host), {
      error: 'A password is not sent without encryption: set security to starttls or tls.',
      path: ['security'],
    }),
  examples: [
    {
      title: 'By the mail server of a company',
      config: {
        host: 'mail.example.com',
        username: 'alerts',
        password: 'secret:SMTP_PASSWORD',
        from: 'StreamAlert <alerts@example.com>',
        to: ['security@example.com'],
      },
    },
  ],
  forPeople: true,
  publisherKeys: {
    subject: 'The subject.',
    body: 'The text, or an object of texts by type: `text/plain`, `text/html`.',
    attach_record: '`false` leaves the attached record out.',
    attachments: 'An object of further attachments, by file name.',
  },
  concurrency: 2,
  create: (config, host) => ({
    async send(message, signal) {
      const { reveal, hide, redact } = secretsOf(host)
      const { username: user, password, security } = config
      const pass = password === undefined ? undefined : hide(await reveal(password))
      // A server may repeat what it got: https://www.rfc-editor.org/rfc/rfc4616
      if (user !== undefined && pass !== undefined) {
        for (const form of [pass, `\0${user}\0${pass}`]) hide(Buffer.from(form).toString('base64'))
      }
      const ca = await authoritiesOf(config.ca, host, 'OUTPUT_MISCONFIGURED')
      const { createTransport } = await import('nodemailer')
      const connection = connect({ host: config.host, port: config.port ?? ports[security], signal })
      // An error that comes when nobody waits any more must not end the process.
      connection.on('error', () => {})
      try {
        await once(connection, 'connect')
        const transport = createTransport({
          connection,
          host: config.host,
          secure: security === 'tls',
          requireTLS: security === 'starttls',
          ignoreTLS: security === 'none',
          tls: { minVersion: 'TLSv1.2', ...(ca !== undefined && { ca }) },
          ...(user !== undefined && pass !== undefined && { auth: { user, pass } }),
          socketTimeout: 30_000,
        })
        const { rejected } = await transport.sendMail(emailOf(message, 'smtp', config))
        if (rejected.length > 0) {
          const whom = rejected.join(', ')
          host.log({
            level: 'warn',
            code: 'OUTPUT_REJECTED',
            message: `The mail server does not take mail for ${whom}.`,
          })
        }
      } catch (error) {
        throw asCoded(error, redact)
      } finally {
        connection.destroy()
      }
    },
  }),
})

const noTls = 'The server must offer STARTTLS. With `security: tls` it is encrypted from the start, on another port.'

/** 4yz replies pass, 5yz do not (RFC 5321 §4.2.1); without a reply nothing was refused. Error codes: https://nodemailer.com/errors */
function asCoded(error: unknown, redact: (text: string) => string): CodedError {
  const { code, responseCode } = (error instanceof Error ? error : {}) as { code?: string; responseCode?: number }
  const message = `The mail server: ${redact(messageOf(error)).replace(/\s+/g, ' ').slice(0, 300)}`
  if (code === 'ETLS') return new CodedError('OUTPUT_UNAVAILABLE', message, { retry: 'later', hint: noTls })
  if (code === 'EAUTH' && (responseCode === undefined || responseCode >= 500)) {
    return new CodedError('OUTPUT_MISCONFIGURED', message, { hint: 'Check username and password.' })
  }
  if (responseCode !== undefined && responseCode >= 500) return new CodedError('OUTPUT_REJECTED', message)
  return new CodedError('OUTPUT_UNAVAILABLE', message, { retry: 'later' })
}
