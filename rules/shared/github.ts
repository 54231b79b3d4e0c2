import { digText, several } from './data.ts'

/** Names of a repository, organization or the like, as text: GitHub writes one as itself and several as a list. */
export const textOf = (names: unknown): string => several(names).join(', ') || 'an unnamed place'

/** What whoever looks at an alert from the audit log of GitHub Enterprise Server asks first. */
export const gheContext = (event: unknown) => ({
  actor: digText(event, 'actor'),
  address: digText(event, 'actor_ip'),
  user: digText(event, 'user'),
  url: digText(event, 'data', 'url'),
})

/** What whoever looks at an alert from the audit log of GitHub asks first. */
export const githubContext = (event: unknown) => ({
  actor: digText(event, 'actor'),
  address: digText(event, 'actor_ip'),
  country: digText(event, 'actor_location', 'country_code'),
  client: digText(event, 'user_agent'),
  access: digText(event, 'programmatic_access_type'),
})
