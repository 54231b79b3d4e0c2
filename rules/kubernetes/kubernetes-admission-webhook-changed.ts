import { cloudwatchEksAudit, kubernetesAudit } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { kubernetesContext } from '../shared/kubernetes.ts'

export default defineRule({
  name: 'kubernetes-admission-webhook-changed',
  description:
    'A hook that checks or changes everything that is made in a Kubernetes cluster was added, changed or removed.',
  severity: 'medium',
  schemas: [kubernetesAudit, cloudwatchEksAudit],
  where: {
    'objectRef.resource': {
      oneOf: ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations', 'validatingadmissionpolicybindings'],
    },
    verb: { oneOf: ['create', 'update', 'patch', 'delete', 'deletecollection'] },
    'responseStatus.code': { lessThan: 300 },
    'user.username': { not: { startsWith: 'system:' } },
  },
  title: (event) =>
    `${event.user.username ?? 'Somebody'}: ${event.verb} ${event.objectRef?.resource} ${event.objectRef?.name ?? ''}`,
  context: kubernetesContext,
  merge: { by: ['user.username', 'objectRef.name'], window: '1h' },
  tags: ['kubernetes'],
  attack: ['T1685'],
  references: ['https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/'],
  runbook:
    '1. See where the hook sends what it sees. 2. Ask the actor for the reason. 3. If nobody knows of it, restore it and look at pods that were made since.',
  falsePositives: ['Deployments of policy engines and certificate managers by people.'],
})
