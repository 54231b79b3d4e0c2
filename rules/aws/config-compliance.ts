import { cloudtrailEvents } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext } from '../shared/aws.ts'
import { dig, digText, several } from '../shared/data.ts'

export default defineRule({
  name: 'config-compliance',
  description: 'A rule of AWS Config found a resource that does not comply.',
  severity: 'low',
  schemas: [cloudtrailEvents],
  where: {
    eventSource: 'config.amazonaws.com',
    eventName: 'PutEvaluations',
    'requestParameters.testMode': { not: true },
    'requestParameters.evaluations.complianceType': 'NON_COMPLIANT',
  },
  title: (event) =>
    `AWS Config: ${failing(event).length} not compliant with ${digText(event.additionalEventData, 'configRuleName') || 'a rule'}`,
  context: (event) => ({ ...callContext(event), resources: failing(event).slice(0, 20) }),
  merge: { by: ['additionalEventData.configRuleName'], window: '1h' },
  tags: ['community', 'aws', 'compliance'],
  references: ['https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config.html'],
  runbook:
    '1. Read which rule failed and for which resources. 2. Ask the owner of each resource whether it is meant to be so. 3. Repair it, or write down the exception in the rule.',
  falsePositives: ['Resources that were excepted on purpose, while the Config rule does not know of it.'],
})

/** The resources that an evaluation finds fault with. */
function failing(event: { readonly requestParameters?: unknown }): string[] {
  return several(dig(event.requestParameters, 'evaluations'))
    .filter((one) => dig(one, 'complianceType') === 'NON_COMPLIANT')
    .map((one) => digText(one, 'complianceResourceId'))
}
