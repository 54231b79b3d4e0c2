import { cloudwatchEksAudit, kubernetesAudit } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { kubernetesContext } from '../shared/kubernetes.ts'

/** What Kubernetes tells everybody. */
const openPaths = ['/healthz', '/livez', '/readyz', '/version', '/openid/', '/.well-known/'] as const

export default defineRule({
  name: 'kubernetes-anonymous-request-allowed',
  description: 'Kubernetes answered a request of somebody who did not say who they are.',
  severity: 'high',
  schemas: [kubernetesAudit, cloudwatchEksAudit],
  where: {
    'user.username': 'system:anonymous',
    stage: 'ResponseComplete',
    'responseStatus.code': { lessThan: 300 },
    requestURI: { not: { startsWith: openPaths } },
  },
  title: (event) => `Kubernetes let somebody unknown ${event.verb} ${event.requestURI}`,
  context: kubernetesContext,
  merge: { by: ['requestURI'], window: '1h' },
  tags: ['kubernetes'],
  attack: ['T1190', 'T1133'],
  references: ['https://kubernetes.io/docs/reference/access-authn-authz/authentication/#anonymous-requests'],
  runbook:
    '1. Find the binding that lets system:anonymous or system:unauthenticated in, and delete it. 2. Look at all requests from the same address. 3. Close the address of the API server to the internet.',
  falsePositives: ['Checks by load balancers on other paths. Add them to the list at the head of the rule.'],
})
