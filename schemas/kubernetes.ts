import { defineSchema } from '../src/core/schema.ts'
import { json } from '../src/parsers/index.ts'
import { kubernetesAuditEvent, kubernetesMeaning } from './shared/kubernetes.ts'

export const kubernetesAudit = defineSchema({
  name: 'kubernetes:audit',
  description: 'Kubernetes API server audit events (audit.k8s.io), of any distribution.',
  parse: json(),
  fields: kubernetesAuditEvent,
  time: 'requestReceivedTimestamp',
  patterns: { apiVersion: 'audit.k8s.io/*', kind: 'Event' },
  normalise: kubernetesMeaning,
})
