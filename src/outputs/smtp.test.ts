import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterAll, expect, test } from 'vitest'
import type { LogLine, Message } from '../core/contracts/index.ts'
import { attachmentsIn, headersIn, textIn } from '../testing/email-text.ts'
import { createOutputHost } from '../testing/output-host.ts'
import { messageOf, sampleAlert, sampleUpdate } from '../testing/sample-alert.ts'
import { untrustedCertificate, untrustedKey } from '../testing/untrusted-certificate.ts'
import smtp from './smtp.ts'

const projectDir = mkdtempSync(join(tmpdir(), 'streamalert-smtp-'))
writeFileSync(join(projectDir, 'ca.pem'), untrustedCertificate)
afterAll(() => rmSync(projectDir, { recursive: true }))

const password = 'a-password-nobody-knows'
const people = { from: 'Alarme <alerts@example.com>', to: ['a@example.com', 'b@example.com'], cc: ['c@example.com'] }
const account = { username: 'alerts', password: 'secret:PASSWORD', ca: 'ca.pem' }

/** A real mail server that knows one user, and what it was handed. */
async function startSmtp(options: SMTPServerOptions = {}) {
  const emails: { text: string; to: string[]; secure: boolean }[] = []
  const server = new SMTPServer({
    cert: untrustedCertificate,
    key: untrustedKey,
    authOptional: true,
    onAuth: (auth, _, done) =>
      auth.username === 'alerts' && auth.password === password
        ? done(null, { user: auth.username })
        : done(Object.assign(new Error(`no ${auth.username} with ${auth.password}`), { responseCode: 535 })),
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address)
        emails.push({ text: Buffer.concat(chunks).toString(), to, secure: session.secure })
        done()
      })
    },
    ...options,
  })
  // A client that refuses the certificate ends the handshake: that is what the test wants.
  server.on('error', () => {})
  const port = await new Promise<number>((resolve) => {
    const listening = server.listen(0, '127.0.0.1', () => resolve((listening.address() as { port: number }).port))
  })
  return {
    port,
    emails,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(resolve)),
  }
}

/** Sends by the server at `port`; answers what is logged. */
async function send(port: number, more: object, message: Message = messageOf(sampleAlert), timeoutMs = 10_000) {
  const lines: LogLine[] = []
  const host = createOutputHost({ secrets: { PASSWORD: password }, projectDir, lines })
  const config = smtp.config.parse({ host: 'localhost', port, ...people, ...more })
  await smtp.create(config, host).send(message, AbortSignal.timeout(timeoutMs))
  return lines
}

test('an e-mail goes out encrypted, with the record; its update is a reply', async () => {
  await using server = await startSmtp()
  await send(server.port, account)
  await send(server.port, account, messageOf(sampleUpdate))
  const [first, update] = server.emails
  expect(first).toMatchObject({ secure: true, to: ['a@example.com', 'b@example.com', 'c@example.com'] })
  expect(headersIn(first?.text ?? '')).toMatchObject({
    from: 'Alarme <alerts@example.com>',
    subject: '[high] sudo on web-3.pci',
    'message-id': `<${sampleAlert.id}@example.com>`,
  })
  expect(textIn(first?.text ?? '')).toContain('Someone used sudo on a host of the PCI environment.')
  expect(JSON.parse(attachmentsIn(first?.text ?? '')['record.json'] ?? '')).toEqual(sampleAlert.record.data)
  expect(headersIn(update?.text ?? '')).toMatchObject({
    subject: 'Re: [high] sudo on web-3.pci',
    'in-reply-to': `<${sampleAlert.id}@example.com>`,
    references: `<${sampleAlert.id}@example.com>`,
  })
})

test('TLS from the start', async () => {
  await using server = await startSmtp({ secure: true })
  await send(server.port, { ...account, security: 'tls' })
  expect(server.emails).toHaveLength(1)
})

test('a server that offers no encryption gets nothing, unless told so', async () => {
  await using server = await startSmtp({ hideSTARTTLS: true, disabledCommands: ['STARTTLS'] })
  await expect(send(server.port, account)).rejects.toMatchObject({ code: 'OUTPUT_UNAVAILABLE', retry: 'later' })
  expect(server.emails).toEqual([])
  await send(server.port, { security: 'none' })
  expect(server.emails).toMatchObject([{ secure: false }])
})

test.each(['starttls', 'tls'])('a certificate that nobody vouches for: nothing is sent by %s', async (security) => {
  await using server = await startSmtp({ secure: security === 'tls' })
  await expect(send(server.port, { ...account, ca: undefined, security })).rejects.toMatchObject({
    code: 'OUTPUT_UNAVAILABLE',
    retry: 'later',
    message: expect.stringMatching(/certificate/) as string,
  })
  expect(server.emails).toEqual([])
})

test('a wrong password waits for a person, and is not told', async () => {
  await using server = await startSmtp()
  const error = await send(server.port, { ...account, username: 'someone' }).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'OUTPUT_MISCONFIGURED', retry: 'never', hint: 'Check username and password.' })
  expect(String(error)).toContain('no someone with •••')
})

test.each([
  [451, 'OUTPUT_UNAVAILABLE', 'later'],
  [554, 'OUTPUT_REJECTED', 'never'],
] as const)('a server that answers %d', async (responseCode, code, retry) => {
  await using server = await startSmtp({
    onData: (stream, _, done) =>
      void stream.resume().on('end', () => done(Object.assign(new Error('not now'), { responseCode }))),
  })
  await expect(send(server.port, account)).rejects.toMatchObject({ code, retry })
})

test('one reader who is refused does not keep it from the others, and is told of', async () => {
  await using server = await startSmtp({
    onRcptTo: ({ address }, _, done) =>
      done(address === 'b@example.com' ? Object.assign(new Error('no such person'), { responseCode: 550 }) : null),
  })
  const lines = await send(server.port, account)
  expect(server.emails[0]?.to).toEqual(['a@example.com', 'c@example.com'])
  expect(lines).toMatchObject([{ level: 'warn', message: 'The mail server does not take mail for b@example.com.' }])
})

test('nobody there, or no answer: later', async () => {
  const server = await startSmtp()
  await server[Symbol.asyncDispose]()
  const later = { code: 'OUTPUT_UNAVAILABLE', retry: 'later' }
  await expect(send(server.port, account)).rejects.toMatchObject(later)
  await using silent = await startSmtp({ onConnect: () => {} })
  await expect(send(silent.port, account, messageOf(sampleAlert), 60)).rejects.toMatchObject(later)
})

test.each([
  [{ security: 'none', username: 'x', password: 'y' }, false],
  [{ security: 'none', host: '127.0.0.1', username: 'x', password: 'y' }, true],
  [{ username: 'x' }, false],
  [{ to: [] }, false],
  [{ ca: 'missing.pem' }, true],
])('%j is a configuration: %s', (more, ok) => {
  expect(smtp.config.safeParse({ host: 'mail.example.com', ...people, ...more }).success).toBe(ok)
})

test('a file of authorities that is missing waits for a person', async () => {
  await expect(send(1, { ca: 'missing.pem' })).rejects.toMatchObject({ code: 'OUTPUT_MISCONFIGURED', retry: 'never' })
})
