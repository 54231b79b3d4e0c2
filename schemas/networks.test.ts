import { expect, test } from 'vitest'
import { compileClassifier } from '../src/core/classify/index.ts'
import { compileNormalise } from '../src/core/normalise.ts'
import { schemas } from './index.ts'

const all = compileClassifier(schemas)

const read = (text: string, firstLine?: string) =>
  all
    .classify(text, firstLine === undefined ? { first: true } : { first: false, firstLine })
    .map((record) => ('schema' in record ? { is: record.schema.name, ...record.data } : record))

const asa = (message: string) => read(`<166>Mar 05 2024 08:00:00 fw-1 : %ASA-6-302013: ${message}`)[0]

test('cisco: source and destination are told by the direction, not by their place', () => {
  const ends = { source_ip: '192.0.2.10', source_port: 1, destination_ip: '203.0.113.66', destination_port: 2 }
  const near = 'inside:192.0.2.10/1 (198.51.100.4/1)'
  const far = 'outside:203.0.113.66/2 (203.0.113.66/2)'
  expect(asa(`Built outbound TCP connection 1 for ${far} to ${near}`)).toMatchObject({
    event: 'built_outbound',
    ...ends,
  })
  expect(asa(`Built inbound TCP connection 1 for ${near} to ${far}`)).toMatchObject({ event: 'built_inbound', ...ends })
})

test('cisco: refused traffic and commands', () => {
  expect(
    asa('Deny icmp src outside:203.0.113.66 dst inside:192.0.2.10 (type 8, code 0) by access-group "in" [0x0, 0x0]'),
  ).toMatchObject({ event: 'deny', protocol: 'icmp', source_ip: '203.0.113.66', access_list: 'in' })
  expect(asa("User 'amira', running 'CLI' from IP 192.0.2.20, executed 'show run'")).toMatchObject({
    event: 'command',
    source_ip: '192.0.2.20',
    command: 'show run',
  })
})

test('fortigate: with a syslog head and without, old and new', () => {
  const pairs = 'date=2024-03-05 time=08:00:00 logid="0000000013" type="traffic" subtype="forward" srcip=192.0.2.10'
  const expected = {
    is: 'fortigate:traffic',
    srcip: '192.0.2.10',
    date: '2024-03-05',
    timestamp: '2024-03-05 08:00:00',
  }
  for (const head of ['', '<189>', 'Mar  5 08:00:00 fw-2 ']) expect(read(head + pairs)).toMatchObject([expected])
  expect(read(`${pairs} tz="+0100"`)).toMatchObject([{ timestamp: '2024-03-05 08:00:00 +0100' }])
  expect(read(`${pairs} eventtime=1709625600`)).toMatchObject([{ timestamp: '1709625600' }])
})

test('vpc flow logs: any choice and order of fields by the header', () => {
  const header = 'srcaddr dstaddr pkt-srcaddr tcp-flags new-field'
  expect(read(header)).toEqual([])
  expect(read('192.0.2.1 192.0.2.2 - 2 x', header)).toEqual([
    { is: 'vpcflow:custom', srcaddr: '192.0.2.1', dstaddr: '192.0.2.2', 'tcp-flags': 2, 'new-field': 'x' },
  ])
})

test('vpc flow logs: the default format, with a header or without', () => {
  const header =
    'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status'
  const line = '2 123456789012 eni-1 192.0.2.1 192.0.2.2 1 22 6 1 40 1709625600 1709625660 REJECT OK'
  expect(read(header)).toEqual([])
  for (const firstLine of [header, line]) {
    expect(read(line, firstLine)).toMatchObject([{ is: 'vpcflow:default', dstport: 22, action: 'REJECT' }])
  }
})

test('the first line of a stream that nothing knows is not taken for a header', () => {
  expect(read('garbage words here')).toMatchObject([{ reason: 'RECORD_UNPARSABLE' }])
})

test('web servers: the same words whether Apache or nginx wrote the line', () => {
  const line = '203.0.113.20 - - [05/Mar/2024:08:00:00 +0000] "GET /a HTTP/1.1" 200 5 "-" "curl"'
  const expected = { client: '203.0.113.20', method: 'GET', url: '/a', status: 200, agent: 'curl' }
  expect(read(line)).toMatchObject([{ is: 'apache:access', ...expected }])
  expect(read(`${line} "198.51.100.9"`)).toMatchObject([
    { is: 'nginx:access', ...expected, forwarded_for: '198.51.100.9' },
  ])
  const nginx = compileClassifier(schemas.filter(({ name }) => name.startsWith('nginx')))
  expect(nginx.classify(line, { first: true })).toMatchObject([{ data: expected }])
})

test('palo alto: columns of newer versions are kept', () => {
  const columns = Array.from({ length: 60 }, (_, at) => String(at))
  columns[1] = '2024/03/05 08:00:00'
  columns[3] = 'TRAFFIC'
  columns[6] = '2024/03/05 08:00:00'
  expect(read(`<14>Mar  5 08:00:00 fw-3 ${columns.join(',')}`)).toMatchObject([
    { is: 'paloalto:traffic', src: '7', dport: 25, session_end_reason: '46', more: columns.slice(47) },
  ])
})

test('palo alto: a row alone, behind a head, and behind a head without a host', () => {
  const row = '1,2024/03/05 08:00:00,001,SYSTEM,vpn,0,2024/03/05 08:00:00,,ike,,0,0,general,informational,ready,0,0x0'
  for (const head of ['', '<14>', 'Mar  5 08:00:00 ', '<14>Mar  5 08:00:00 fw-3 ']) {
    expect(all.classify(head + row, { first: true })).toMatchObject([
      { schema: { name: 'paloalto:system' }, data: { eventid: 'ike', opaque: 'ready' } },
    ])
  }
  expect(all.classify(`Mar  5 08:00:00 fw-3 ${row}`, { first: true })).toMatchObject([
    { envelope: { hostname: 'fw-3', timestamp: 'Mar  5 08:00:00' } },
  ])
})

test('guardduty: an address is a source or a destination by the direction', () => {
  const action = (connectionDirection: string) => ({
    data: {
      service: {
        action: { networkConnectionAction: { connectionDirection, remoteIpDetails: { ipAddressV4: '192.0.2.1' } } },
      },
    },
  })
  const normalise = compileNormalise(schemas.find(({ name }) => name === 'guardduty:findings')!)
  expect(normalise(action('INBOUND').data)).toEqual({ source_ip: ['192.0.2.1'] })
  expect(normalise(action('OUTBOUND').data)).toEqual({ destination_ip: ['192.0.2.1'] })
})
