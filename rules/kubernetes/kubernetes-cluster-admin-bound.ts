import { cloudwatchEksAudit, kubernetesAudit } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { dig, digText, several } from '../shared/data.ts'
import { kubernetesContext } from '../shared/kubernetes.ts'

export default defineRule({
  name: 'kubernetes-cluster-admin-bound',
  description: 'Somebody or something became administrator of a whole Kubernetes cluster.',
  severity: 'high',
  schemas: [kubernetesAudit, cloudwatchEksAudit],
  where: {
    'objectRef.resource': { oneOf: ['clusterrolebindings', 'rolebindings'] },
    verb: { oneOf: ['create', 'update', 'patch'] },
    'requestObject.roleRef.name': 'cluster-admin',
    'responseStatus.code': { lessThan: 300 },
  },
  title: (event) => `${event.user.username ?? 'Somebody'} bound ${subjects(event)} to cluster-admin`,
  context: kubernetesContext,
  tags: ['kubernetes', 'identity'],
  attack: ['T1098.006'],
  references: ['https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles'],
  runbook:
    '1. Ask the actor for the reason. 2. Delete the binding if there is none. 3. Look at what the new administrator did since, above all with secrets and pods.',
  falsePositives: ['Clusters that are being set up, and operators that install themselves.'],
})

const subjects = (event: { readonly requestObject?: unknown }) =>
  several(dig(event.requestObject, 'subjects'))
    .map((subject) => digText(subject, 'name'))
    .join(', ') || 'somebody'
