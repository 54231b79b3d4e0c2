import { list, map, maybe } from '../src/core/fields/spec.ts'
import { defineSchema } from '../src/core/schema.ts'
import { json } from '../src/parsers/index.ts'

/**
 * Findings in the AWS Security Finding Format. Through EventBridge they are `cloudwatch:events`.
 * https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format-syntax.html
 */
export const securityhubFindings = defineSchema({
  name: 'securityhub:findings',
  description: 'AWS Security Hub findings (AWS Security Finding Format).',
  parse: json(),
  fields: {
    SchemaVersion: 'string',
    Id: 'string',
    ProductArn: 'string',
    GeneratorId: 'string',
    AwsAccountId: 'string',
    CreatedAt: 'string',
    UpdatedAt: 'string',
    Title: 'string',
    Resources: list({
      Type: 'string?',
      Id: 'string?',
      Partition: 'string?',
      Region: 'string?',
      Tags: maybe(map('string?')),
      Details: maybe(map('json')),
    }),
    Severity: maybe({ Label: 'string?', Original: 'string?', Normalized: 'integer?', Product: 'float?' }),
    Description: 'string?',
    Types: maybe(list('string')),
    Region: 'string?',
    CompanyName: 'string?',
    ProductName: 'string?',
    ProductFields: maybe(map('string?')),
    FirstObservedAt: 'string?',
    LastObservedAt: 'string?',
    Compliance: maybe({ Status: 'string?', SecurityControlId: 'string?', RelatedRequirements: maybe(list('string')) }),
    Workflow: maybe({ Status: 'string?' }),
    WorkflowState: 'string?',
    RecordState: 'string?',
    Confidence: 'integer?',
    Criticality: 'integer?',
    Malware: maybe(list(map('json'))),
    Network: maybe({
      Direction: 'string?',
      Protocol: 'string?',
      SourceIpV4: 'string?',
      SourcePort: 'integer?',
      DestinationIpV4: 'string?',
      DestinationPort: 'integer?',
    }),
    Remediation: maybe(map('json')),
  },
  time: 'UpdatedAt',
  normalise: {
    account: 'AwsAccountId',
    region: 'Region',
    resource: 'Resources[].Id',
    threat: ['Title', 'Types[]'],
    severity: 'Severity.Label',
    source_ip: 'Network.SourceIpV4',
    destination_ip: 'Network.DestinationIpV4',
  },
})
