import { dig, digText, several } from './data.ts'

/** Who or what was acted upon, as people say it. */
export const oktaTarget = (event: unknown): string =>
  several(dig(event, 'target'))
    .map((target) => digText(target, 'alternateId') || digText(target, 'displayName'))
    .filter((name) => name !== '' && name !== 'unknown')
    .join(', ') || 'somebody'

/** What whoever looks at an alert from Okta asks first. */
export const oktaContext = (event: unknown) => ({
  actor: digText(event, 'actor', 'alternateId'),
  target: oktaTarget(event),
  address: digText(event, 'client', 'ipAddress'),
  country: digText(event, 'client', 'geographicalContext', 'country'),
  client: digText(event, 'client', 'userAgent', 'rawUserAgent'),
  outcome: digText(event, 'outcome', 'result'),
  reason: digText(event, 'outcome', 'reason'),
})
