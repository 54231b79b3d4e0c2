import { githubAudit } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { githubContext, textOf } from '../shared/github.ts'

export default defineRule({
  name: 'github-two-factor-requirement-disabled',
  description:
    'An organization or enterprise on GitHub no longer requires two factors, or single sign-on, of its members.',
  severity: 'high',
  schemas: [githubAudit],
  where: {
    action: {
      oneOf: [
        'org.disable_two_factor_requirement',
        'business.disable_two_factor_requirement',
        'org.disable_saml',
        'business.disable_saml',
        'org.disable_oauth_app_restrictions',
        'ip_allow_list.disable',
      ],
    },
  },
  title: (event) => `${event.actor ?? 'Somebody'}: ${event.action} in ${event.business ?? textOf(event.org)}`,
  context: githubContext,
  tags: ['github', 'identity'],
  attack: ['T1556.006', 'T1556.009'],
  references: [
    'https://docs.github.com/en/organizations/keeping-your-organization-secure/managing-two-factor-authentication-for-your-organization/requiring-two-factor-authentication-in-your-organization',
  ],
  runbook:
    '1. Ask the owners whether it was planned. 2. Require it again. 3. Look at members and applications that came in between.',
  falsePositives: ['A move of single sign-on.'],
})
