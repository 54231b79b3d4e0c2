import { cloudwatchEksAudit, kubernetesAudit } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { kubernetesContext } from '../shared/kubernetes.ts'

export default defineRule({
  name: 'kubernetes-shell-in-pod',
  description: 'Somebody opened a shell in a pod, or joined a container of their own to it.',
  severity: 'medium',
  schemas: [kubernetesAudit, cloudwatchEksAudit],
  where: [
    {
      'objectRef.resource': 'pods',
      'objectRef.subresource': { oneOf: ['exec', 'attach', 'ephemeralcontainers'] },
      verb: { oneOf: ['create', 'get', 'update', 'patch'] },
      'responseStatus.code': { lessThan: 300 },
      stage: 'ResponseComplete',
    },
    {
      'objectRef.resource': 'pods',
      'objectRef.subresource': { oneOf: ['exec', 'attach'] },
      'responseStatus.code': 101,
      stage: 'ResponseStarted',
    },
  ],
  title: (event) =>
    `${event.user.username ?? 'Somebody'}: ${event.objectRef?.subresource} in pod ${event.objectRef?.namespace}/${event.objectRef?.name}`,
  context: kubernetesContext,
  merge: { by: ['user.username', 'objectRef.namespace'], window: '1h' },
  tags: ['kubernetes'],
  attack: ['T1609'],
  references: ['https://kubernetes.io/docs/tasks/debug/debug-application/get-shell-running-container/'],
  runbook:
    '1. Ask the person what they looked for. 2. If it was not they, revoke their credentials and replace the pod. 3. Treat what the pod could read as known to others.',
  falsePositives: ['Developers in clusters for tests. Name the namespaces in the conditions of the rule.'],
})
