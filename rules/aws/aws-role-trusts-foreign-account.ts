import { cloudtrailEvents, cloudwatchCloudtrail } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext, caller, parameter } from '../shared/aws.ts'
import { dig } from '../shared/data.ts'
import { accountOf, principalsOf, statementsOf } from '../shared/policy.ts'

export default defineRule({
  name: 'aws-role-trusts-foreign-account',
  description: 'A role may now be taken by another AWS account, or by anybody: a door back in that needs no user here.',
  severity: 'high',
  schemas: [cloudtrailEvents, cloudwatchCloudtrail],
  where: { eventName: { oneOf: ['CreateRole', 'UpdateAssumeRolePolicy'] }, errorCode: { exists: false } },
  match: (event) => foreign(event).length > 0,
  title: (event) => `${caller(event)} let ${foreign(event).join(', ')} take the role ${parameter(event, 'roleName')}`,
  context: callContext,
  tags: ['aws', 'identity'],
  attack: ['T1098.003'],
  references: ['https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html'],
  runbook:
    '1. Find out whose account it is. 2. Ask the caller for the agreement behind it; a vendor needs an external id in the condition. 3. If nobody knows of it, take the principal out of the policy and end the sessions of the role. 4. Search CloudTrail for AssumeRole from that account.',
  falsePositives: ['Vendors of monitoring and backup, and other accounts of the same organization.'],
})

/** Accounts that the new policy trusts and that are not the role's own; `everybody` for a star. */
function foreign(event: {
  readonly recipientAccountId?: string | null | undefined
  readonly requestParameters?: unknown
}) {
  const document =
    dig(event.requestParameters, 'assumeRolePolicyDocument') ?? dig(event.requestParameters, 'policyDocument')
  const trusted = statementsOf(document)
    .filter((statement) => dig(statement, 'Effect') === 'Allow')
    .flatMap((statement) => principalsOf(statement))
    .map((principal) => (principal === '*' ? 'everybody' : accountOf(principal)))
  return [...new Set(trusted)].filter((account) => account !== undefined && account !== event.recipientAccountId)
}
