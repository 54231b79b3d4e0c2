import { defineRule } from 'streamalert'
import { cloudtrailEvents } from 'streamalert/schemas'
import { caller, digText } from '../../lib/aws.ts'

export default defineRule({
  name: 'cloudtrail-logging-stopped',
  description: 'A CloudTrail trail or event data store was stopped or deleted: what follows leaves no trace in it.',
  severity: 'critical',
  schemas: [cloudtrailEvents],
  attack: ['T1685.002'],
  where: {
    eventSource: 'cloudtrail.amazonaws.com',
    eventName: { oneOf: ['StopLogging', 'DeleteTrail', 'DeleteEventDataStore', 'StopEventDataStoreIngestion'] },
    errorCode: { exists: false },
  },
  title: (event) => `${caller(event.userIdentity)} called ${event.eventName} in ${event.awsRegion}`,
  context: (event) => ({ trail: digText(event.requestParameters, 'name'), address: event.sourceIPAddress }),
})
