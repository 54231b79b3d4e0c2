import { cloudtrailEvents } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext, caller, parameter } from '../shared/aws.ts'
import { dig } from '../shared/data.ts'
import { allowsEverybody } from '../shared/policy.ts'

/** Where a call that sets a policy carries it. */
const policyIn: Readonly<Record<string, readonly string[]>> = {
  PutBucketPolicy: ['bucketPolicy'],
  CreateElasticsearchDomain: ['accessPolicies'],
  UpdateElasticsearchDomainConfig: ['accessPolicies'],
  CreateDomain: ['accessPolicies'],
  UpdateDomainConfig: ['accessPolicies'],
  SetVaultAccessPolicy: ['policy', 'policy'],
  SetQueueAttributes: ['attributes', 'Policy'],
  CreateTopic: ['attributes', 'Policy'],
  SetTopicAttributes: ['attributeValue'],
  SetRepositoryPolicy: ['policyText'],
  PutKeyPolicy: ['policy'],
  CreateKey: ['policy'],
  PutResourcePolicy: ['resourcePolicy'],
}

export default defineRule({
  name: 'cloudtrail-public-resources',
  description: 'The policy of a bucket, queue, topic, key, secret, repository, vault or search domain lets anybody in.',
  severity: 'high',
  schemas: [cloudtrailEvents],
  where: { eventName: { oneOf: Object.keys(policyIn) }, errorCode: { exists: false } },
  match: (event) =>
    (event.eventName !== 'SetTopicAttributes' || parameter(event, 'attributeName') === 'Policy') &&
    allowsEverybody(dig(event.requestParameters, ...policyIn[event.eventName]!)),
  title: (event) => `${caller(event)} opened a resource of ${event.eventSource.split('.')[0]} to everybody`,
  context: (event) => ({ ...callContext(event), resources: event.resources ?? [] }),
  tags: ['community', 'aws', 'exposure'],
  attack: ['T1530', 'T1537'],
  references: ['https://docs.aws.amazon.com/IAM/latest/UserGuide/what-is-access-analyzer.html'],
  runbook:
    '1. Find the resource in the parameters of the call and read its policy. 2. If it is not meant for the world, put the old policy back at once. 3. Look at its access logs since the change for callers from outside. 4. Where keys or secrets were exposed, replace them.',
  falsePositives: ['Websites and public downloads that are served from a bucket on purpose.'],
})
