import { githubAudit } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { githubContext } from '../shared/github.ts'

export default defineRule({
  name: 'github-audit-log-stream-changed',
  description: 'The stream of the audit log of GitHub was changed or ended: what follows may not be seen.',
  severity: 'high',
  schemas: [githubAudit],
  where: {
    action: {
      oneOf: [
        'audit_log_streaming.destroy',
        'audit_log_streaming.update',
        'org.audit_log_git_event_export',
        'business.audit_log_git_event_export',
      ],
    },
  },
  title: (event) => `${event.actor ?? 'Somebody'}: ${event.action}`,
  context: githubContext,
  tags: ['github', 'logging'],
  attack: ['T1685.002'],
  references: [
    'https://docs.github.com/en/enterprise-cloud@latest/admin/monitoring-activity-in-your-enterprise/reviewing-audit-logs-for-your-enterprise/streaming-the-audit-log-for-your-enterprise',
  ],
  runbook:
    '1. Check that events still arrive. 2. Ask the actor for the reason. 3. If there is none, restore the stream, end the sessions of the actor, and read the audit log on GitHub itself.',
  falsePositives: ['A move to another store.'],
})
