import { duoAuth, duoAuthentication } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'

export default defineRule({
  name: 'duo-anonymous-ip-failure',
  description: 'Duo refused a sign-in because it came through an anonymiser.',
  severity: 'medium',
  schemas: [duoAuthentication, duoAuth],
  // The second version of the interface writes small letters.
  where: [
    { result: 'FAILURE', reason: 'Anonymous IP' },
    { result: 'denied', reason: 'anonymous_ip' },
  ],
  title: (event, { values }) => `Sign-in of ${values('user')[0]} through an anonymiser was refused`,
  context: (_, { values }) => ({ addresses: values('source_ip'), application: values('resource')[0] }),
  merge: { by: ['username'], window: '1h' },
  tags: ['community', 'duo', 'identity'],
  attack: ['T1090.003', 'T1078'],
  references: ['https://duo.com/docs/policy#anonymous-networks'],
  runbook:
    '1. Ask the user whether they use Tor or a public VPN. 2. If not, their password is known to others: have it changed. 3. Look at other sign-ins from the same address.',
  falsePositives: ['Users of privacy services.'],
})
