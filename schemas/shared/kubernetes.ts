import { list, map, maybe } from '../../src/core/fields/spec.ts'

const userInfo = {
  username: 'string?',
  uid: 'string?',
  groups: maybe(list('string')),
  extra: maybe(map('json')),
} as const

/** https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/ */
export const kubernetesAuditEvent = {
  kind: 'string',
  apiVersion: 'string',
  level: 'string',
  auditID: 'string',
  stage: 'string',
  requestURI: 'string',
  verb: 'string',
  user: userInfo,
  impersonatedUser: maybe(userInfo),
  sourceIPs: maybe(list('string')),
  userAgent: 'string?',
  objectRef: maybe({
    resource: 'string?',
    namespace: 'string?',
    name: 'string?',
    uid: 'string?',
    apiGroup: 'string?',
    apiVersion: 'string?',
    resourceVersion: 'string?',
    subresource: 'string?',
  }),
  responseStatus: maybe({
    code: 'integer?',
    status: 'string?',
    reason: 'string?',
    message: 'string?',
    metadata: maybe(map('json')),
    details: maybe(map('json')),
  }),
  /** An object, or the list of a JSON patch. */
  requestObject: 'json?',
  responseObject: 'json?',
  requestReceivedTimestamp: 'string?',
  stageTimestamp: 'string?',
  annotations: maybe(map('string')),
} as const

export const kubernetesMeaning = {
  source_ip: 'sourceIPs[]',
  user: 'user.username',
  target_user: 'impersonatedUser.username',
  user_agent: 'userAgent',
  event_name: 'verb',
  resource: 'requestURI',
  http_status: 'responseStatus.code',
} as const
