import type { OutputKind } from '../core/component.ts'
import awsCloudwatchLog from './aws-cloudwatch-log.ts'
import awsFirehose from './aws-firehose.ts'
import awsLambda from './aws-lambda.ts'
import awsS3 from './aws-s3.ts'
import awsSes from './aws-ses.ts'
import awsSns from './aws-sns.ts'
import awsSqs from './aws-sqs.ts'
import carbonblack from './carbonblack.ts'
import datadog from './datadog.ts'
import demisto from './demisto.ts'
import discord from './discord.ts'
import elasticsearch from './elasticsearch.ts'
import file from './file.ts'
import github from './github.ts'
import jira from './jira/index.ts'
import jsm from './jsm.ts'
import kafka from './kafka.ts'
import komand from './komand.ts'
import nats from './nats.ts'
import opsgenie from './opsgenie.ts'
import pagerduty from './pagerduty.ts'
import pagerdutyIncident from './pagerduty-incident/index.ts'
import pagerdutyV2 from './pagerduty-v2.ts'
import phantom from './phantom.ts'
import servicenow from './servicenow.ts'
import slack from './slack/index.ts'
import smtp from './smtp.ts'
import splunkHec from './splunk-hec.ts'
import stdout from './stdout.ts'
import teams from './teams/index.ts'
import terminal from './terminal/index.ts'
import tines from './tines.ts'
import torq from './torq.ts'
import victorops from './victorops.ts'
import webhook from './webhook.ts'

export {
  awsCloudwatchLog,
  awsFirehose,
  awsLambda,
  awsS3,
  awsSes,
  awsSns,
  awsSqs,
  carbonblack,
  datadog,
  demisto,
  discord,
  elasticsearch,
  file,
  github,
  jira,
  jsm,
  kafka,
  komand,
  nats,
  opsgenie,
  pagerduty,
  pagerdutyIncident,
  pagerdutyV2,
  phantom,
  servicenow,
  slack,
  smtp,
  splunkHec,
  stdout,
  teams,
  terminal,
  tines,
  torq,
  victorops,
  webhook,
}

/** Every kind of output that comes with StreamAlert. */
export const outputs: readonly OutputKind[] = [
  awsCloudwatchLog,
  awsFirehose,
  awsLambda,
  awsS3,
  awsSes,
  awsSns,
  awsSqs,
  carbonblack,
  datadog,
  demisto,
  discord,
  elasticsearch,
  file,
  github,
  jira,
  jsm,
  kafka,
  komand,
  nats,
  opsgenie,
  pagerduty,
  pagerdutyIncident,
  pagerdutyV2,
  phantom,
  servicenow,
  slack,
  smtp,
  splunkHec,
  stdout,
  teams,
  terminal,
  tines,
  torq,
  victorops,
  webhook,
]
