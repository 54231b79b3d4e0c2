import { cloudwatchEksAudit, kubernetesAudit } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { kubernetesContext } from '../shared/kubernetes.ts'

export default defineRule({
  name: 'kubernetes-secrets-listed',
  description: 'Somebody read all secrets of a Kubernetes cluster at once.',
  severity: 'high',
  schemas: [kubernetesAudit, cloudwatchEksAudit],
  where: {
    'objectRef.resource': 'secrets',
    verb: 'list',
    'objectRef.namespace': { exists: false },
    'responseStatus.code': { lessThan: 300 },
    'user.username': {
      not: {
        startsWith: [
          'system:kube-controller-manager',
          'system:apiserver',
          'system:serviceaccount:kube-system:',
          'system:kube-scheduler',
          'system:node:',
        ],
      },
    },
  },
  title: (event) => `${event.user.username ?? 'Somebody'} listed the secrets of all namespaces`,
  context: kubernetesContext,
  merge: { by: ['user.username'], window: '1h' },
  tags: ['kubernetes', 'secrets'],
  attack: ['T1552.007'],
  references: ['https://kubernetes.io/docs/concepts/security/secrets-good-practices/'],
  runbook:
    '1. Ask the person or the owner of the program what for. 2. If nobody knows, revoke the credentials and replace the secrets. 3. Narrow the role to the namespaces it needs.',
  falsePositives: [
    'Controllers that watch all secrets, such as those for certificates. Name them in the conditions of the rule.',
  ],
})
