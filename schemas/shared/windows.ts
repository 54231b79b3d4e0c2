import { map, maybe } from '../../src/core/fields/spec.ts'

/** The head of a Windows event as Winlogbeat writes it. https://www.elastic.co/docs/reference/beats/winlogbeat/exported-fields-winlog */
export const winlogbeatEvent = {
  '@timestamp': 'string',
  winlog: {
    channel: 'string',
    provider_name: 'string',
    event_id: 'string',
    computer_name: 'string?',
    record_id: 'string?',
    task: 'string?',
    opcode: 'string?',
    keywords: 'json?',
    api: 'string?',
    provider_guid: 'string?',
    process: maybe(map('json')),
    user: maybe({ identifier: 'string?', name: 'string?', domain: 'string?', type: 'string?' }),
    event_data: maybe(map('json')),
    user_data: maybe(map('json')),
  },
  event: maybe(map('json')),
  host: maybe(map('json')),
  agent: maybe(map('json')),
  log: maybe(map('json')),
  ecs: maybe(map('json')),
  message: 'string?',
} as const

/** The head of a Windows event as NXLog writes it; the event's own data stand beside. https://docs.nxlog.co/refman/current/im/msvistalog.html */
export const nxlogEvent = {
  EventTime: 'string',
  EventID: 'integer',
  SourceName: 'string',
  Channel: 'string',
  Hostname: 'string',
  EventType: 'string?',
  Severity: 'string?',
  SeverityValue: 'integer?',
  Keywords: 'string?',
  Category: 'string?',
  Opcode: 'string?',
  OpcodeValue: 'integer?',
  Task: 'integer?',
  Version: 'integer?',
  ProviderGuid: 'string?',
  RecordNumber: 'integer?',
  ActivityID: 'string?',
  ProcessID: 'integer?',
  ThreadID: 'integer?',
  Domain: 'string?',
  AccountName: 'string?',
  AccountType: 'string?',
  UserID: 'string?',
  Message: 'string?',
  EventReceivedTime: 'string?',
  SourceModuleName: 'string?',
  SourceModuleType: 'string?',
} as const

/** A Windows event as tools dump EVTX files, such as evtx_dump; attributes stand in `#attributes`. */
export const evtxEvent = {
  Event: {
    System: {
      Provider: maybe(map('json')),
      EventID: 'json',
      Channel: 'string',
      Computer: 'string',
      EventRecordID: 'integer?',
      Version: 'integer?',
      Level: 'integer?',
      Task: 'integer?',
      Opcode: 'integer?',
      Keywords: 'string?',
      TimeCreated: maybe(map('json')),
      Execution: maybe(map('json')),
      Security: maybe(map('json')),
      Correlation: maybe(map('json')),
    },
    EventData: maybe(map('json')),
    UserData: maybe(map('json')),
  },
} as const

/** What the data of security events (4624, 4625, 4688, 4697, 4720 …) mean; `at` is their path with its dot, if any. */
export const securityMeaning = (at: string) => ({
  source_ip: { path: `${at}IpAddress`, when: { path: `${at}IpAddress`, not: '-' } },
  source_port: { path: `${at}IpPort`, when: { path: `${at}IpPort`, not: ['-', '0'] } },
  user: { path: `${at}SubjectUserName`, when: { path: `${at}SubjectUserName`, not: '-' } },
  user_id: { path: `${at}SubjectUserSid`, when: { path: `${at}SubjectUserSid`, not: ['-', 'S-1-0-0'] } },
  target_user: { path: `${at}TargetUserName`, when: { path: `${at}TargetUserName`, not: '-' } },
  process_path: [`${at}NewProcessName`, `${at}ProcessName`],
  parent_process_path: `${at}ParentProcessName`,
  command: [`${at}CommandLine`, `${at}ScriptBlockText`],
  file_path: [`${at}ServiceFileName`, `${at}ImagePath`],
})

/** What the data of Sysmon's events mean. https://learn.microsoft.com/en-us/sysinternals/downloads/sysmon */
export const sysmonMeaning = (at: string) => ({
  user: `${at}User`,
  process_path: [`${at}Image`, `${at}SourceImage`],
  process_id: `${at}ProcessId`,
  parent_process_path: `${at}ParentImage`,
  command: [`${at}CommandLine`, `${at}ParentCommandLine`],
  file_path: [`${at}TargetFilename`, `${at}ImageLoaded`],
  file_hash: `${at}Hashes`,
  registry_key: `${at}TargetObject`,
  domain: `${at}QueryName`,
  source_ip: `${at}SourceIp`,
  source_port: `${at}SourcePort`,
  destination_ip: `${at}DestinationIp`,
  destination_port: `${at}DestinationPort`,
  protocol: `${at}Protocol`,
})
