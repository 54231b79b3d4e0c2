/** Publishers for everyone: `streamalert/publishers`. A rule names them in `publishers`, an output in its configuration. */
import type { Publisher } from '../core/contracts/index.ts'
import { blank, flat, listsAsText, record, withoutInternals } from './generic.ts'
import {
  pagerdutyDetails,
  pagerdutyHighUrgency,
  pagerdutyLists,
  pagerdutyLowUrgency,
  pagerdutyShortTitle,
} from './pagerduty.ts'
import { slackPublication, slackRecord, slackRule, slackSummary } from './slack.ts'

export { blank, flat, listsAsText, record, withFields, withoutFields, withoutInternals } from './generic.ts'
export {
  pagerdutyDetails,
  pagerdutyHighUrgency,
  pagerdutyImage,
  pagerdutyLists,
  pagerdutyLowUrgency,
  pagerdutyShortTitle,
} from './pagerduty.ts'
export { slackPublication, slackRecord, slackRule, slackSummary, slackTemplate } from './slack.ts'

/** Those that need no arguments, and that an output's configuration can therefore name. */
export const publishers: readonly Publisher[] = [
  ...[blank, flat, listsAsText, record, withoutInternals],
  ...[pagerdutyDetails, pagerdutyHighUrgency, pagerdutyLists, pagerdutyLowUrgency, pagerdutyShortTitle],
  ...[slackPublication, slackRecord, slackRule, slackSummary],
]
