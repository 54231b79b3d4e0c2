import { githubAudit } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { githubContext, textOf } from '../shared/github.ts'

export default defineRule({
  name: 'github-secret-scanning-disabled',
  description: 'GitHub no longer looks for secrets or flaws in code, or a secret was pushed in spite of it.',
  severity: (event) => (event.action === 'secret_scanning_push_protection.bypass' ? 'medium' : 'high'),
  schemas: [githubAudit],
  where: {
    action: {
      oneOf: [
        'repository_secret_scanning.disable',
        'repository_secret_scanning_push_protection.disable',
        'secret_scanning_push_protection.bypass',
        'org.secret_scanning_disable',
        'business_secret_scanning.disable',
        'dependabot_alerts.disable',
        'repo.advanced_security_disabled',
        'org.advanced_security_disabled_for_new_repos',
      ],
    },
  },
  title: (event) =>
    `${event.actor ?? 'Somebody'}: ${event.action} in ${event.repo ?? event.repository ?? textOf(event.org)}`,
  context: githubContext,
  merge: { by: ['actor', 'action'], window: '1h' },
  tags: ['github', 'secrets'],
  attack: ['T1685'],
  references: ['https://docs.github.com/en/code-security/secret-scanning/introduction/about-secret-scanning'],
  runbook:
    '1. For a bypass, replace the secret: it is in the history now. 2. For the rest, switch the scan on again and ask the actor why. 3. Look at what was pushed in between.',
  falsePositives: ['Secrets of test data, and repositories that are archived.'],
})
