import { gheGeneral } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { gheContext } from '../shared/github.ts'

export default defineRule({
  name: 'github-oauth-application-create',
  description: 'An OAuth application was registered in GitHub Enterprise: with consent it acts in the name of users.',
  severity: 'low',
  schemas: [gheGeneral],
  where: { action: 'oauth_application.create' },
  title: (event) => `${event.actor ?? 'Somebody'} registered an OAuth application`,
  context: gheContext,
  tags: ['community', 'github'],
  attack: ['T1528'],
  references: [
    'https://docs.github.com/en/enterprise-server@latest/apps/oauth-apps/building-oauth-apps/creating-an-oauth-app',
  ],
  runbook:
    '1. See where the application sends its users back to. 2. Ask the actor what it is for. 3. Delete it if nobody knows of it, and revoke its tokens.',
  falsePositives: ['Developers who connect a tool.'],
})
