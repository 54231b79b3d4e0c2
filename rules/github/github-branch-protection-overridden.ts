import { githubAudit } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { githubContext, textOf } from '../shared/github.ts'

export default defineRule({
  name: 'github-branch-protection-overridden',
  description: 'The protection of a branch on GitHub was removed, changed or passed over.',
  severity: (event) => (event.action.endsWith('override') || event.action.endsWith('.update') ? 'medium' : 'high'),
  schemas: [githubAudit],
  where: {
    action: {
      oneOf: [
        'protected_branch.destroy',
        'protected_branch.policy_override',
        'protected_branch.rejected_ref_update_override',
        'repository_ruleset.destroy',
        'repository_ruleset.update',
        'repository_branch_protection_evaluation.disable',
      ],
    },
  },
  title: (event) =>
    `${event.actor ?? 'Somebody'}: ${event.action} in ${event.repo ?? event.repository ?? textOf(event.org)}`,
  context: githubContext,
  merge: { by: ['actor', 'repo'], window: '1h' },
  tags: ['github'],
  attack: ['T1685', 'T1195.002'],
  references: [
    'https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/about-protected-branches',
    'https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/about-rulesets',
  ],
  runbook:
    '1. Ask the actor for the reason. 2. Protect the branch again. 3. Review what was pushed to it without review.',
  falsePositives: ['Urgent repairs by administrators, and a move from protected branches to rulesets.'],
})
