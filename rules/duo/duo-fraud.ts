import { duoAuth, duoAuthentication } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'

export default defineRule({
  name: 'duo-fraud',
  description: 'A user says that a request to sign in was not theirs.',
  severity: 'high',
  schemas: [duoAuthentication, duoAuth],
  // The second version of the interface writes small letters.
  where: { result: { oneOf: ['FRAUD', 'fraud'] } },
  title: (_, { values }) => `${values('user')[0]} reports a sign-in that was not theirs`,
  context: (_, { values }) => ({ addresses: values('source_ip'), application: values('resource')[0] }),
  tags: ['community', 'duo', 'identity'],
  attack: ['T1621', 'T1078'],
  references: ['https://duo.com/docs/administration-users#reporting-fraud'],
  runbook:
    '1. Call the user: did they mean it? 2. If so, somebody knows their password: reset it and end their sessions. 3. Look for other sign-ins from the same address, and for requests that were accepted.',
  falsePositives: ['Users who press the wrong button.'],
})
