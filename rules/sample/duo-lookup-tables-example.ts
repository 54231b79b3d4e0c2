import { duoAuth, duoAuthentication } from '../../schemas/index.ts'
import { defineRule, list } from '../../src/index.ts'

export default defineRule({
  name: 'duo-lookup-tables-example',
  description: 'An example of a rule that reads a lookup table: a sign-in to Duo with a browser of a list.',
  severity: 'info',
  schemas: [duoAuthentication, duoAuth],
  // A file of your lookups folder with the name of the table: { "duo_blacklisted_browsers": ["Netscape"] }
  lookups: { 'dynamo-backed-table': list('string') },
  match: (event, { lookup }) => {
    const browser = event.access_device?.browser
    return Boolean(browser) && lookup('dynamo-backed-table', 'duo_blacklisted_browsers')?.includes(browser!) === true
  },
  title: (event, { values }) => `${values('user')[0]} uses ${event.access_device?.browser}`,
  context: (_, { values }) => ({ addresses: values('source_ip'), application: values('resource')[0] }),
  tags: ['community', 'example', 'duo'],
  references: ['https://duo.com/docs/policy#browsers'],
  runbook:
    '1. This rule shows how to read a lookup table. 2. Put a table of this name into the lookups folder of your project. 3. Ask users to update their browser.',
  falsePositives: ['It is an example, and fires only for what your table holds.'],
})
