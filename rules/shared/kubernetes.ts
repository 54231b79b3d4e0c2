import { digText } from './data.ts'

/** What whoever looks at an alert from the audit log of Kubernetes asks first. */
export const kubernetesContext = (event: unknown) => ({
  by: digText(event, 'user', 'username'),
  as: digText(event, 'impersonatedUser', 'username'),
  address: digText(event, 'sourceIPs', '0'),
  client: digText(event, 'userAgent'),
  request: `${digText(event, 'verb')} ${digText(event, 'requestURI')}`,
  reason: digText(event, 'annotations', 'authorization.k8s.io/reason'),
})
