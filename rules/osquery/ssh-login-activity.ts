import { osqueryDifferential } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'

/** What the table of logins also lists, and is no person. */
const nobody = ['', 'LOGIN', 'reboot', 'shutdown', 'runlevel'] as const

export default defineRule({
  name: 'ssh-login-activity',
  description: 'Somebody signed in to a host, as osquery saw it.',
  severity: 'info',
  schemas: [osqueryDifferential],
  where: {
    name: 'pack_incident-response_last',
    action: 'added',
    // USER_PROCESS of utmp: a login, not its end.
    'columns.type': '7',
    'columns.username': { not: { oneOf: nobody } },
  },
  title: (event) => `${event.columns['username']} signed in to ${event.hostIdentifier}`,
  context: (event) => ({ from: event.columns['host'], terminal: event.columns['tty'] }),
  merge: { by: ['hostIdentifier', 'columns.username'], window: '1h' },
  tags: ['community', 'osquery', 'hosts'],
  attack: ['T1021.004', 'T1078'],
  references: ['https://osquery.io/schema/current#last'],
  runbook:
    '1. Ask the user whether the login was theirs. 2. If not, end the session and lock the account. 3. See what ran on the host since.',
  falsePositives: ['Every login of every administrator: use it for hosts that nobody should sign in to.'],
})
