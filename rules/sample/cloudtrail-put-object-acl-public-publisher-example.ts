import { cloudwatchEvents } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { parameter, publicGroups } from '../shared/aws.ts'
import { dig, digText, mentions } from '../shared/data.ts'

export default defineRule({
  name: 'cloudtrail-put-object-acl-public-publisher-example',
  description:
    'An example of a rule that chooses what its alert says: an object was opened to everybody from one address.',
  severity: 'info',
  schemas: [cloudwatchEvents],
  where: { 'detail.sourceIPAddress': '1.2.3.4', 'detail.eventName': 'PutObjectAcl' },
  match: ({ detail }) => mentions(dig(detail, 'requestParameters'), publicGroups),
  title: ({ detail }) => `${parameter(detail, 'bucketName')}/${parameter(detail, 'key')} is open to everybody`,
  context: ({ detail }) => ({
    userName: digText(detail, 'userIdentity', 'userName'),
    sourceIPAddress: digText(detail, 'sourceIPAddress'),
    eventTime: digText(detail, 'eventTime'),
    eventName: digText(detail, 'eventName'),
    eventSource: digText(detail, 'eventSource'),
    bucketName: parameter(detail, 'bucketName'),
  }),
  tags: ['community', 'example', 'aws'],
  attack: ['T1530'],
  references: ['https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectAcl.html'],
  runbook:
    '1. This rule shows how to choose the content of an alert. 2. Copy it, and put your own addresses in its place.',
  falsePositives: ['It is an example, and fires only for the made-up address 1.2.3.4.'],
})
