import { gheGeneral } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { gheContext, textOf } from '../shared/github.ts'

export default defineRule({
  name: 'github-disable-required-status-checks',
  description: 'In GitHub Enterprise a protected branch no longer requires status checks.',
  severity: 'high',
  schemas: [gheGeneral],
  where: {
    action: 'protected_branch.update_required_status_checks_enforcement_level',
    // 0: off, 1: for users, 2: for administrators too.
    'data.required_status_checks_enforcement_level': { oneOf: [0, '0'] },
  },
  title: (event) => `${event.actor ?? 'Somebody'} switched required status checks off in ${textOf(event.repo)}`,
  context: gheContext,
  tags: ['community', 'github'],
  attack: ['T1685', 'T1195.002'],
  references: [
    'https://docs.github.com/en/enterprise-server@latest/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/about-protected-branches',
  ],
  runbook:
    '1. Ask the actor why. 2. Require the checks again. 3. Look at what was merged since while checks failed or were missing.',
  falsePositives: ['A broken build system that blocks an urgent change.'],
})
