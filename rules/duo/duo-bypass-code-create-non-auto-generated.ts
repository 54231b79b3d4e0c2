import { duoAdministrator } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { dig, parsedJson } from '../shared/data.ts'

export default defineRule({
  name: 'duo-bypass-code-create-non-auto-generated',
  description: 'An administrator of Duo typed a bypass code by hand instead of letting Duo make one.',
  severity: 'medium',
  schemas: [duoAdministrator],
  where: { action: 'bypass_create' },
  match: (event) => dig(parsedJson(event.description), 'auto_generated') === false,
  title: (event) => `${event.username} wrote a bypass code for ${event.object ?? 'somebody'} by hand`,
  context: (event) => ({ description: event.description }),
  tags: ['community', 'duo', 'identity'],
  attack: ['T1556.006'],
  references: ['https://duo.com/docs/administration-users#generating-a-bypass-code'],
  runbook:
    '1. Ask the administrator why the code was written by hand. 2. Delete the code if there is no reason. 3. See whether the user signed in with it, and from where.',
  falsePositives: ['A helpdesk that reads codes to users over the telephone.'],
})
