import { gheGeneral } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { gheContext, textOf } from '../shared/github.ts'

export default defineRule({
  name: 'github-disable-dismiss-stale-pull-request-approvals',
  description:
    'In GitHub Enterprise the dismissal of stale approvals was changed: what is pushed after an approval may keep it.',
  severity: 'medium',
  schemas: [gheGeneral],
  where: { action: 'protected_branch.dismiss_stale_reviews' },
  title: (event) => `${event.actor ?? 'Somebody'} changed the dismissal of stale approvals in ${textOf(event.repo)}`,
  context: gheContext,
  tags: ['community', 'github'],
  attack: ['T1685', 'T1195.002'],
  references: [
    'https://docs.github.com/en/enterprise-server@latest/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/about-protected-branches',
  ],
  runbook:
    '1. Ask the actor why. 2. Switch the dismissal of stale approvals on again. 3. Look at what was merged since without a fresh approval.',
  falsePositives: ['The same action is logged when the setting is switched on.'],
})
