import { defineRule } from 'streamalert'
import { cloudtrailEvents } from 'streamalert/schemas'
import { caller, digText } from '../../lib/aws.ts'

export default defineRule({
  name: 'access-key-created-for-other-user',
  description:
    'Somebody made an access key for a user other than themselves: a way to stay after the first key is lost.',
  severity: 'high',
  schemas: [cloudtrailEvents],
  attack: ['T1098.001'],
  match: (event) =>
    event.eventName === 'CreateAccessKey' &&
    !event.errorCode &&
    // Without a userName in the request the key is the caller's own.
    typeof event.requestParameters?.['userName'] === 'string' &&
    event.requestParameters['userName'] !== event.userIdentity.userName,
  title: (event) =>
    `${caller(event.userIdentity)} made an access key for ${digText(event.requestParameters, 'userName')}`,
  context: (event) => ({ address: event.sourceIPAddress, client: event.userAgent }),
})
