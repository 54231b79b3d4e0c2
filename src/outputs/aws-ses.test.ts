import { expect, test } from 'vitest'
import { startAwsServer } from '../testing/aws-json-server.ts'
import { awsOutputContract, sendByAws, testAws } from '../testing/aws-output-contract.ts'
import { attachmentsIn, headersIn, textIn } from '../testing/email-text.ts'
import { largeAlert, messageOf, sampleAlert, sampleUpdate } from '../testing/sample-alert.ts'
import ses from './aws-ses.ts'

interface SendEmail {
  readonly FromEmailAddress: string
  readonly Destination: unknown
  readonly ConfigurationSetName?: string
  readonly Content: { readonly Raw: { readonly Data: string } }
}

const people = { from: 'Alarme <alerts@example.com>', to: ['a@example.com', 'b@example.com'], cc: ['c@example.com'] }

awsOutputContract(ses, (url) => ({ ...people, ...testAws(url) }))

/** A service that takes e-mails, and what it was sent. */
async function startSes() {
  const server = await startAwsServer({ 'POST /v2/email/outbound-emails': () => ({ MessageId: '0100-abc' }) })
  const inputs = () => server.calls.map(({ input }) => input as SendEmail)
  return {
    config: { ...people, configurationSet: 'alerts', ...testAws(server.url) },
    inputs,
    emails: () => inputs().map(({ Content }) => Buffer.from(Content.Raw.Data, 'base64').toString()),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

test('an e-mail with the record attached; its update is a reply', async () => {
  await using server = await startSes()
  const receipt = await sendByAws(ses, server.config)
  expect(receipt).toBe('<0100-abc@email.amazonses.com>')
  await sendByAws(ses, server.config)
  await sendByAws(ses, server.config, { ...messageOf(sampleUpdate), earlier: receipt ?? '' })
  const [first = '', again, update = ''] = server.emails()
  expect(server.inputs()[0]).toMatchObject({
    FromEmailAddress: 'Alarme <alerts@example.com>',
    Destination: { ToAddresses: ['a@example.com', 'b@example.com'], CcAddresses: ['c@example.com'] },
    ConfigurationSetName: 'alerts',
  })
  expect(headersIn(first)).toMatchObject({
    from: 'Alarme <alerts@example.com>',
    to: 'a@example.com, b@example.com',
    cc: 'c@example.com',
    subject: '[high] sudo on web-3.pci',
    date: 'Tue, 03 Feb 2026 10:02:12 +0000',
    'x-streamalert-alert': sampleAlert.id,
    'auto-submitted': 'auto-generated',
  })
  expect(textIn(first)).toContain('Someone used sudo on a host of the PCI environment.')
  expect(textIn(first)).toMatch(/Rule: +sudo-in-pci\n/)
  expect(attachmentsIn(first)).toEqual({ 'record.json': JSON.stringify(sampleAlert.record.data, null, 2) })
  expect(again).toBe(first)
  expect(headersIn(update)).toMatchObject({
    subject: 'Re: [high] sudo on web-3.pci',
    'in-reply-to': receipt,
    references: receipt,
  })
  expect(textIn(update)).toMatch(/Records: +3\n/)
})

test('publishers give the words and the attachments', async () => {
  await using server = await startSes()
  const { alert, publication } = messageOf(sampleAlert)
  const words = {
    '@aws-ses.subject': 'Größe\r\nBcc: evil@example.com',
    '@aws-ses.body': { 'text/plain': 'plain words', 'text/html': '<b>words</b>' },
    '@aws-ses.attach_record': false,
    '@aws-ses.attachments': { 'notes.txt': 'a note', 'list.json': [1] },
  }
  await sendByAws(ses, server.config, { alert, publication: { ...publication, ...words } })
  await sendByAws(ses, server.config, { alert, publication: { ...publication, '@aws-ses.body': 'only this' } })
  const [both = '', plain = ''] = server.emails()
  expect(headersIn(both)).not.toHaveProperty('bcc')
  expect(both).toContain('plain words')
  expect(both).toContain('<b>words</b>')
  expect(attachmentsIn(both)).toEqual({ 'notes.txt': 'a note', 'list.json': '[\n  1\n]' })
  expect(textIn(plain).trim()).toBe('only this')
})

test('an alert of any size fits, and says where the whole is', async () => {
  await using server = await startSes()
  const large = largeAlert()
  const data = { ...large.record.data, more: 'x'.repeat(5_000_000) }
  await sendByAws(ses, server.config, messageOf({ ...large, record: { ...large.record, data } }))
  const [email = ''] = server.emails()
  expect(email.length).toBeLessThan(5_000_000)
  expect(textIn(email)).toContain(`The whole: streamalert alerts show ${large.id}`)
  expect(attachmentsIn(email)['record.json']).toContain(`The whole: streamalert alerts show ${large.id}`)
})

test.each([
  ['a@example.com', true],
  ['Team Blue <blue@example.com>', true],
  ['a@example.com, b@example.com', false],
  ['a@example.com\nBcc: b@example.com', false],
  ['nobody', false],
])('%j is an address: %s', (from, ok) => {
  expect(ses.config.safeParse({ from, to: ['a@example.com'] }).success).toBe(ok)
})
