import { oktaLogevents } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { oktaContext } from '../shared/okta.ts'

export default defineRule({
  name: 'okta-threat-reported',
  description:
    'Okta or a user reports something suspicious: a threat, a sign-in that was not theirs, or sessions that look stolen.',
  severity: (event) => (event.eventType === 'security.threat.detected' ? 'medium' : 'high'),
  schemas: [oktaLogevents],
  where: {
    eventType: {
      oneOf: [
        'security.threat.detected',
        'user.account.report_suspicious_activity_by_enduser',
        'user.session.context.change',
        'user.risk.detect',
      ],
    },
    'debugContext.debugData.risk': { not: { contains: 'level=LOW' } },
  },
  title: (event) => `Okta: ${event.displayMessage || event.eventType} (${event.actor.alternateId})`,
  context: oktaContext,
  merge: { by: ['actor.id', 'eventType'], window: '1h' },
  tags: ['okta', 'identity'],
  attack: ['T1078.004', 'T1539'],
  references: [
    'https://help.okta.com/en-us/content/topics/security/suspicious-activity-reporting.htm',
    'https://help.okta.com/en-us/content/topics/security/threat-insight/about-threatinsight.htm',
  ],
  runbook:
    '1. Call the user: which activity was not theirs? 2. End their sessions and reset password and factors. 3. Search the log for the same address and session id.',
  falsePositives: ['Users who report their own sign-in from a new device or while travelling.'],
})
