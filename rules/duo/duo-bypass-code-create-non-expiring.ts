import { duoAdministrator } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { isUnlimited } from '../shared/duo.ts'

export default defineRule({
  name: 'duo-bypass-code-create-non-expiring',
  description: 'A bypass code of Duo was made that never expires.',
  severity: 'high',
  schemas: [duoAdministrator],
  where: { action: 'bypass_create' },
  match: ({ description }) => isUnlimited(description, 'valid_secs'),
  title: (event) => `${event.username} made a bypass code for ${event.object ?? 'somebody'} that never expires`,
  context: (event) => ({ description: event.description }),
  tags: ['community', 'duo', 'identity'],
  attack: ['T1556.006'],
  references: ['https://duo.com/docs/administration-users#generating-a-bypass-code'],
  runbook:
    '1. Delete the code, and make one that expires if the user needs it. 2. Ask the administrator who asked for it. 3. See whether the user signed in with it, and from where.',
  falsePositives: ['Accounts for emergencies whose codes lie in a safe.'],
})
