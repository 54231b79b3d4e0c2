import { cloudwatchEksAudit, kubernetesAudit } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { dig, digText, several } from '../shared/data.ts'
import { kubernetesContext } from '../shared/kubernetes.ts'

const created = {
  'objectRef.resource': {
    oneOf: ['pods', 'deployments', 'daemonsets', 'statefulsets', 'jobs', 'cronjobs', 'replicasets'],
  },
  verb: { oneOf: ['create', 'update', 'patch'] },
  'responseStatus.code': { lessThan: 300 },
  'objectRef.namespace': { not: 'kube-system' },
} as const

export default defineRule({
  name: 'kubernetes-privileged-pod-created',
  description:
    'A pod was started that can leave its container: privileged, in the name spaces of its host, or with the disk of its host.',
  severity: 'high',
  schemas: [kubernetesAudit, cloudwatchEksAudit],
  where: created,
  match: (event) => escapes(event.requestObject).length > 0,
  title: (event) =>
    `${event.user.username ?? 'Somebody'} started a pod with ${escapes(event.requestObject).join(', ')} in ${event.objectRef?.namespace ?? 'no namespace'}`,
  context: kubernetesContext,
  merge: { by: ['user.username', 'objectRef.namespace'], window: '1h' },
  tags: ['kubernetes'],
  attack: ['T1610', 'T1611'],
  references: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/'],
  runbook:
    '1. Ask the actor why the pod needs it. 2. If nobody knows of it, delete the pod and isolate its node. 3. Enforce the baseline of Pod Security in the namespace.',
  falsePositives: ['Agents for logs, storage and networks. Name their namespaces in the conditions of the rule.'],
})

/** Ways out of a container that a pod, or the template of pods in something larger, asks for. */
function escapes(object: unknown): readonly string[] {
  const spec = [
    dig(object, 'spec', 'jobTemplate', 'spec', 'template', 'spec'),
    dig(object, 'spec', 'template', 'spec'),
    dig(object, 'spec'),
  ].find((found) => found !== undefined)
  const containers = ['containers', 'initContainers', 'ephemeralContainers'].flatMap((kind) => several(dig(spec, kind)))
  return [
    ...(containers.some((one) => dig(one, 'securityContext', 'privileged') === true) ? ['privileged'] : []),
    ...['hostPID', 'hostNetwork', 'hostIPC'].filter((name) => dig(spec, name) === true),
    ...(several(dig(spec, 'volumes')).some((one) => hostFolders.test(digText(one, 'hostPath', 'path')))
      ? ['hostPath']
      : []),
  ]
}

/** The whole disk, or what holds keys, accounts or the doors of container engines. */
const hostFolders =
  /^\/(?:|etc|root|home|proc|var|var\/run|var\/lib|run)\/?$|\/(?:docker|containerd|crio)\.sock$|^\/(?:etc\/kubernetes|var\/lib\/kubelet)/
