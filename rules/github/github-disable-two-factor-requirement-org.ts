import { gheGeneral } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { gheContext, textOf } from '../shared/github.ts'

export default defineRule({
  name: 'github-disable-two-factor-requirement-org',
  description: 'An organization in GitHub Enterprise no longer requires two factors of its members.',
  severity: 'high',
  schemas: [gheGeneral],
  where: { action: 'org.disable_two_factor_requirement' },
  title: (event) => `${event.actor ?? 'Somebody'} ended the requirement of two factors in ${textOf(event.org)}`,
  context: gheContext,
  tags: ['community', 'github', 'identity'],
  attack: ['T1556.006'],
  references: [
    'https://docs.github.com/en/enterprise-server@latest/organizations/keeping-your-organization-secure/managing-two-factor-authentication-for-your-organization/requiring-two-factor-authentication-in-your-organization',
  ],
  runbook:
    '1. Ask the actor why. 2. Require two factors again. 3. List members who have none, and what they did since.',
  falsePositives: ['A move to single sign-on, which brings its own second factor.'],
})
