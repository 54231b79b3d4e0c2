/** An Amazon Resource Name, taken apart. */
export interface ArnParts {
  /** `aws`, `aws-cn`, `aws-us-gov` … */
  readonly partition: string
  readonly service: string
  /** Empty where the resource has none. */
  readonly region: string
  /** Empty where the resource has none. */
  readonly account: string
  /** Everything after the fifth colon. */
  readonly resource: string
  /** `role` of `role/admin`, `function` of `function:x`; empty where the resource has no type. */
  readonly resourceType: string
  /** `admin` of `role/admin`; the whole resource where it has no type. */
  readonly resourceId: string
}

/**
 * Takes an ARN apart (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html). Undefined for anything else.
 */
export function arnParts(text: unknown): ArnParts | undefined {
  if (typeof text !== 'string') return undefined
  const [arn, partition, service, region, account, ...rest] = text.split(':')
  const resource = rest.join(':')
  if (arn !== 'arn' || !partition || !service || region === undefined || account === undefined || !resource)
    return undefined
  const [, resourceType = '', resourceId = resource] = /^([^:/]*)[:/](.*)$/s.exec(resource) ?? []
  return { partition, service, region, account, resource, resourceType, resourceId }
}
