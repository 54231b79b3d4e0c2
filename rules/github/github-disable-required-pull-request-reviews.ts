import { gheGeneral } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { gheContext, textOf } from '../shared/github.ts'

/** Actors whose work this is. */
const ignored = ['example-bot'] as const

export default defineRule({
  name: 'github-disable-required-pull-request-reviews',
  description: 'In GitHub Enterprise, who may dismiss reviews of a protected branch was restricted anew.',
  severity: 'medium',
  schemas: [gheGeneral],
  where: {
    action: 'protected_branch.dismissal_restricted_users_teams',
    'data.authorized_actors_only': true,
    actor: { not: { oneOf: ignored } },
  },
  title: (event) => `${event.actor ?? 'Somebody'} changed who may dismiss reviews in ${textOf(event.repo)}`,
  context: gheContext,
  tags: ['community', 'github'],
  attack: ['T1685', 'T1195.002'],
  references: [
    'https://docs.github.com/en/enterprise-server@latest/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/about-protected-branches',
  ],
  runbook:
    '1. See who may dismiss reviews now, and whether the actor is among them. 2. Ask the actor why. 3. Look at reviews that were dismissed since.',
  falsePositives: [
    'Owners who tidy up the settings of a repository. Add bots that do so to the list at the head of the rule.',
  ],
})
