import { defineRule } from 'streamalert'
import { cloudtrailEvents } from 'streamalert/schemas'
import { caller, digText } from '../../lib/aws.ts'

const blinding = new Set(['StopLogging', 'DeleteTrail', 'DeleteEventDataStore', 'StopEventDataStoreIngestion'])

export default defineRule({
  name: 'cloudtrail-logging-stopped',
  description: 'A CloudTrail trail or event data store was stopped or deleted: what follows leaves no trace in it.',
  severity: 'critical',
  schemas: [cloudtrailEvents],
  tags: ['attack.t1562.008'],
  match: (event) =>
    event.eventSource === 'cloudtrail.amazonaws.com' && blinding.has(event.eventName) && !event.errorCode,
  title: (event) => `${caller(event.userIdentity)} called ${event.eventName} in ${event.awsRegion}`,
  context: (event) => ({ trail: digText(event.requestParameters, 'name'), address: event.sourceIPAddress }),
})
