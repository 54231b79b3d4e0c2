import { githubAudit } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { githubContext, textOf } from '../shared/github.ts'

export default defineRule({
  name: 'github-deploy-key-or-runner-added',
  description:
    'A deploy key that may write, or a machine that runs builds, was added on GitHub: both can change what you ship.',
  severity: 'medium',
  schemas: [githubAudit],
  where: [
    { action: 'public_key.create', 'data.read_only': { oneOf: [false, 'false'] } },
    {
      action: {
        oneOf: [
          'repo.register_self_hosted_runner',
          'org.register_self_hosted_runner',
          'enterprise.register_self_hosted_runner',
        ],
      },
    },
  ],
  title: (event) =>
    `${event.actor ?? 'Somebody'}: ${event.action} in ${event.repo ?? event.repository ?? textOf(event.org)}`,
  context: githubContext,
  merge: { by: ['actor', 'action'], window: '1h' },
  tags: ['github'],
  attack: ['T1098.004', 'T1195.002'],
  references: [
    'https://docs.github.com/en/authentication/connecting-to-github-with-ssh/managing-deploy-keys',
    'https://docs.github.com/en/actions/hosting-your-own-runners/managing-self-hosted-runners/about-self-hosted-runners',
  ],
  runbook:
    '1. Ask the actor which system needs it. 2. Remove it if none does. 3. Look at pushes with the key, or at jobs that ran on the machine.',
  falsePositives: ['Runners that come and go with the load: name their actor in the conditions of the rule.'],
})
