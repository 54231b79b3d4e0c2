import { defineSchema } from '../src/core/schema.ts'
import { json } from '../src/parsers/index.ts'
import { evtxEvent, nxlogEvent, sysmonMeaning, winlogbeatEvent } from './shared/windows.ts'

const channel = 'Microsoft-Windows-Sysmon/Operational'

export const sysmonWinlogbeat = defineSchema({
  name: 'sysmon:winlogbeat',
  description: 'Sysmon events, through Winlogbeat or Elastic Agent.',
  parse: json(),
  fields: winlogbeatEvent,
  time: '@timestamp',
  patterns: { 'winlog.channel': channel },
  normalise: { ...sysmonMeaning('winlog.event_data.'), host: 'winlog.computer_name', event_name: 'winlog.event_id' },
})

export const sysmonNxlog = defineSchema({
  name: 'sysmon:nxlog',
  description: 'Sysmon events, as JSON of NXLog.',
  parse: json(),
  fields: {
    ...nxlogEvent,
    UtcTime: 'string?',
    RuleName: 'string?',
    Image: 'string?',
    ProcessGuid: 'string?',
    ProcessId: 'integer?',
    User: 'string?',
    CommandLine: 'string?',
    CurrentDirectory: 'string?',
    Hashes: 'string?',
    ParentImage: 'string?',
    ParentCommandLine: 'string?',
    ParentProcessId: 'integer?',
    IntegrityLevel: 'string?',
    SourceImage: 'string?',
    TargetImage: 'string?',
    TargetFilename: 'string?',
    TargetObject: 'string?',
    ImageLoaded: 'string?',
    QueryName: 'string?',
    QueryResults: 'string?',
    SourceIp: 'string?',
    SourcePort: 'integer?',
    DestinationIp: 'string?',
    DestinationPort: 'integer?',
    DestinationHostname: 'string?',
    Protocol: 'string?',
  },
  time: 'EventTime',
  patterns: { Channel: channel },
  normalise: { ...sysmonMeaning(''), host: 'Hostname', event_name: 'EventID' },
})

export const sysmonEvtx = defineSchema({
  name: 'sysmon:evtx',
  description: 'Sysmon events, dumped from EVTX files as JSON.',
  parse: json(),
  fields: evtxEvent,
  time: "Event.System.TimeCreated['#attributes'].SystemTime",
  patterns: { 'Event.System.Channel': channel },
  normalise: {
    ...sysmonMeaning('Event.EventData.'),
    host: 'Event.System.Computer',
    event_name: ['Event.System.EventID', "Event.System.EventID['#text']"],
  },
})
