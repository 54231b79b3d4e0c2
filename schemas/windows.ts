import { defineSchema } from '../src/core/schema.ts'
import { json } from '../src/parsers/index.ts'
import { evtxEvent, nxlogEvent, securityData, securityMeaning, winlogbeatEvent } from './shared/windows.ts'

export const windowsWinlogbeat = defineSchema({
  name: 'windows:winlogbeat',
  description: 'Windows events of any channel, through Winlogbeat or Elastic Agent.',
  parse: json(),
  fields: winlogbeatEvent,
  time: '@timestamp',
  normalise: {
    ...securityMeaning('winlog.event_data.'),
    host: 'winlog.computer_name',
    event_name: 'winlog.event_id',
  },
})

export const windowsNxlog = defineSchema({
  name: 'windows:nxlog',
  description: 'Windows events of any channel, as JSON of NXLog.',
  parse: json(),
  fields: { ...nxlogEvent, ...securityData },
  time: 'EventTime',
  normalise: { ...securityMeaning(''), host: 'Hostname', event_name: 'EventID', severity: 'Severity' },
})

export const windowsEvtx = defineSchema({
  name: 'windows:evtx',
  description: 'Windows events of any channel, dumped from EVTX files as JSON.',
  parse: json(),
  fields: evtxEvent,
  time: "Event.System.TimeCreated['#attributes'].SystemTime",
  normalise: {
    ...securityMeaning('Event.EventData.'),
    host: 'Event.System.Computer',
    event_name: ['Event.System.EventID', "Event.System.EventID['#text']"],
  },
})
