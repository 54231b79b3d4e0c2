import { defineRule } from 'streamalert'
import { cloudtrailEvents } from 'streamalert/schemas'
import { caller, dig, digText, several } from '../../lib/aws.ts'

const publicGroups = /\/groups\/(global\/AllUsers|global\/AuthenticatedUsers)$/
const publicLists = new Set(['public-read', 'public-read-write', 'authenticated-read'])

/** A statement that allows something to everybody, without a condition that narrows it. */
const allowsAll = (statement: unknown) =>
  dig(statement, 'Effect') === 'Allow' &&
  (dig(statement, 'Principal') === '*' || several(dig(statement, 'Principal', 'AWS')).includes('*')) &&
  dig(statement, 'Condition') === undefined

/** How a call makes a bucket public; undefined when it does not. */
function way(event: { readonly eventName: string; readonly requestParameters?: unknown }): string | undefined {
  const request = event.requestParameters
  switch (event.eventName) {
    case 'PutBucketPolicy':
      return several(dig(request, 'bucketPolicy', 'Statement')).some(allowsAll)
        ? 'its policy allows everybody'
        : undefined
    case 'PutBucketAcl': {
      const grants = several(dig(request, 'AccessControlPolicy', 'AccessControlList', 'Grant'))
      const granted = grants.some((grant) => publicGroups.test(digText(grant, 'Grantee', 'URI')))
      const canned = several(dig(request, 'x-amz-acl')).some((name) => publicLists.has(name as string))
      return granted || canned ? 'its access list names everybody' : undefined
    }
    case 'DeleteBucketPublicAccessBlock':
      return 'its block on public access is gone'
    default:
      return undefined
  }
}

export default defineRule({
  name: 'public-s3-bucket',
  description: 'An S3 bucket was made readable for everybody, or the lock that prevents it was taken away.',
  severity: 'high',
  schemas: [cloudtrailEvents],
  merge: { by: ['requestParameters.bucketName'], window: '1h' },
  attack: ['T1530'],
  runbook: 'Put the block on public access back, then look for GetObject calls from outside since.',
  match: (event) => event.eventSource === 's3.amazonaws.com' && !event.errorCode && way(event) !== undefined,
  title: (event) => `Bucket ${digText(event.requestParameters, 'bucketName')} is public: ${way(event)}`,
  context: (event) => ({ by: caller(event.userIdentity), address: event.sourceIPAddress }),
})
