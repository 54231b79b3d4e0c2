import { csv } from '../../src/parsers/index.ts'

/** Version 2, the default, in its order. https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html */
export const version2 = {
  version: 'integer?',
  'account-id': 'string?',
  'interface-id': 'string?',
  srcaddr: 'string?',
  dstaddr: 'string?',
  srcport: 'integer?',
  dstport: 'integer?',
  protocol: 'integer?',
  packets: 'integer?',
  bytes: 'integer?',
  start: 'integer?',
  end: 'integer?',
  action: 'string?',
  'log-status': 'string?',
} as const

export const flowMeaning = {
  source_ip: ['srcaddr'],
  source_port: 'srcport',
  destination_ip: ['dstaddr'],
  destination_port: 'dstport',
  protocol: 'protocol',
  account: 'account-id',
  resource: 'interface-id',
  outcome: 'action',
} as const

/** The default format: the fields that every line has, even of a window without traffic, are required. */
export const defaultFlow = {
  ...version2,
  version: 'integer',
  'account-id': 'string',
  'interface-id': 'string',
  start: 'integer',
  end: 'integer',
  'log-status': 'string',
} as const

export const defaultFlowPatterns = { version: '2', 'log-status': ['OK', 'NODATA', 'SKIPDATA'] } as const

/** Rows of the default format. */
export const defaultFlowRows = csv({ delimiter: ' ', quote: '', columns: Object.keys(version2), absent: ['-'] })
