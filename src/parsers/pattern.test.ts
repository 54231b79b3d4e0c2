import { describe, expect, test } from 'vitest'
import { pattern } from './pattern/index.ts'
import { patternLibrary } from './pattern/library.ts'
import { failure, generator, parse, record } from './shared/testing.ts'

test('named groups become fields; groups that took no part are absent', () => {
  const use = pattern({ pattern: String.raw`(?<user>\w+) logged (?:in|out) from (?<ip>\S+)(?: port (?<port>\d+))?` })
  expect(record(use, 'root logged in from 192.0.2.1')).toEqual({ user: 'root', ip: '192.0.2.1' })
  expect(record(use, 'root logged out from 192.0.2.1 port 22')).toEqual({ user: 'root', ip: '192.0.2.1', port: '22' })
})

test('a pattern must cover the whole text', () => {
  const use = pattern({ pattern: 'a(?<b>b)' })
  expect(failure(use, 'xab').failure).toBe('the pattern does not cover the text')
  expect(failure(use, 'abx').failure).toBe('the pattern does not cover the text')
  expect(record(pattern({ pattern: '(?<all>.*)' }), 'two\nlines')).toEqual({ all: 'two\nlines' })
})

test('grok: names, fields, types passed over, further definitions', () => {
  const use = pattern({
    pattern: '%{IP:client} %{ORDER:order.id:int} %{NUMBER:took} (?<rest>%{GREEDYDATA})',
    definitions: { ORDER: 'A%{INT}' },
  })
  expect(record(use, '2001:db8::1 A12 -0.5 some words')).toEqual({
    client: '2001:db8::1',
    'order.id': 'A12',
    took: '-0.5',
    rest: 'some words',
  })
})

test('of several patterns the first that fits counts, and may be named', () => {
  const use = pattern({
    pattern: { login: 'in %{USER:user}', logout: 'out %{USER:user}', other: '%{GREEDYDATA:text}' },
    as: 'event',
  })
  expect(record(use, 'out mona')).toEqual({ user: 'mona', event: 'logout' })
  expect(record(use, 'what')).toEqual({ text: 'what', event: 'other' })
  expect(failure(pattern({ pattern: ['a', 'b'] }), 'c').failure).toBe('no pattern covers the text')
})

test('of equal names the one that took part counts; texts that stand for nothing are left out', () => {
  const use = pattern({ pattern: '(?:a=%{INT:n}|b=%{INT:n}) %{NOTSPACE:x}', absent: ['-'] })
  expect(record(use, 'b=2 -')).toEqual({ n: '2' })
})

test('hostile field names are ordinary fields', () => {
  expect(Object.keys(record(pattern({ pattern: '%{INT:__proto__}' }), '1'))).toEqual(['__proto__'])
})

test.each([
  ['(a', 'Unterminated group'],
  ['%{NOPE:x}', '%{NOPE} is not a known pattern'],
  ['(?=a)b', 'lookarounds are not allowed'],
  ['(?<!a)b', 'lookarounds are not allowed'],
  [String.raw`(a)\1`, 'backreferences are not allowed'],
  [String.raw`(?<x>a)\k<x>`, 'backreferences are not allowed'],
  ['(?i:a)', '(?i is not allowed'],
  ['(a+)+b', 'exponential time'],
  ['(a*)*', 'repeats a part that can be empty'],
])('%s is refused when the schema is compiled', (source, reason) => {
  const refused = expect.objectContaining({ code: 'PATTERN_INVALID', message: expect.stringContaining(reason) })
  expect(() => parse(pattern({ pattern: source }), 'a')).toThrow(refused)
})

test('definitions that contain themselves are refused', () => {
  expect(() => parse(pattern({ pattern: '%{A}', definitions: { A: 'x%{B}', B: '%{A}' } }), '')).toThrow(
    /contains itself/,
  )
  const doubling = Object.fromEntries(
    Array.from({ length: 40 }, (_, index) => [`D${index}`, `%{D${index + 1}}%{D${index + 1}}`]),
  )
  expect(() => parse(pattern({ pattern: '%{D0}', definitions: { ...doubling, D40: 'a' } }), '')).toThrow(/too large/)
})

test('a pattern whose time grows faster than the text has a longest text', () => {
  const use = pattern({ pattern: '%{GREEDYDATA:a} x %{GREEDYDATA:b} y' })
  expect(record(use, '1 x 2 y')).toEqual({ a: '1', b: '2' })
  expect(failure(use, ' x '.repeat(10_000)).failure).toBe(
    'longer than 16384 characters, the most that the pattern can take in good time',
  )
})

describe('the library', () => {
  test.each([...patternLibrary.keys()])('%s compiles and is safe', (name) => {
    expect(() => parse(pattern({ pattern: `%{${name}}` }), '')).not.toThrow()
  })

  test.each([
    [
      'IP',
      ['192.0.2.1', '::', '::1', '2001:db8::ff00:42:8329', 'fe80::1%eth0', '::ffff:192.0.2.1'],
      ['192.0.2', 'host', ''],
    ],
    ['HOSTNAME', ['localhost', 'web-1.example.com', 'a_b', 'x.'], ['-a', 'a b', '.a']],
    ['UUID', ['123e4567-e89b-12d3-a456-426614174000'], ['123e4567']],
    ['QUOTEDSTRING', ['"a \\" b"', "'x'", '""'], ['"a', 'a"']],
    ['NUMBER', ['1', '-1.5', '.5', '+3'], ['1.', 'x', '']],
    [
      'TIMESTAMP_ISO8601',
      ['2023-07-10T11:45:00Z', '2023-07-10 11:45', '2023-07-10T11:45:00.123+02:00'],
      ['2023-13-10T11:45'],
    ],
    ['HTTPDATE', ['10/Oct/2000:13:55:36 -0700'], ['10/Oct/2000']],
    ['SYSLOGTIMESTAMP', ['Oct 11 22:14:15', 'Oct  1 22:14:15'], ['Okt 1 22:14:15']],
    ['URI', ['https://user@example.com:8443/a/b?c=d', 'ftp://x'], ['/a/b']],
    ['MAC', ['00:1b:44:11:3a:b7', '001b.4411.3ab7'], ['00:1b']],
    ['EMAILADDRESS', ['a.b+c@example.com'], ['a@', '@b']],
    ['WINPATH', ['C:\\temp\\x.txt', '\\\\server\\share'], ['/tmp']],
    ['UNIXPATH', ['/', '/var/log/x.log'], ['var', 'C:\\x']],
    ['LOGLEVEL', ['INFO', 'warn', 'Error'], ['LOUD']],
  ])('%s', (name, good, bad) => {
    const use = pattern({ pattern: `%{${name}:value}` })
    for (const text of good) expect(record(use, text)).toEqual({ value: text })
    for (const text of bad) expect(failure(use, text).failure).not.toBe('')
  })

  const line = (name: string) => pattern({ pattern: `%{${name}}`, absent: ['-'] })

  test('Apache and nginx, combined and common', () => {
    const common = '127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326'
    const fields = {
      client: '127.0.0.1',
      user: 'frank',
      timestamp: '10/Oct/2000:13:55:36 -0700',
      request: 'GET /apache_pb.gif HTTP/1.0',
      method: 'GET',
      url: '/apache_pb.gif',
      protocol: 'HTTP/1.0',
      status: '200',
      bytes: '2326',
    }
    expect(record(line('COMMONAPACHELOG'), common)).toEqual(fields)
    const combined = String.raw`${common} "http://www.example.com/start.html" "Mozilla \"4.08\""`
    expect(record(line('COMBINEDAPACHELOG'), combined)).toEqual({
      ...fields,
      referer: 'http://www.example.com/start.html',
      agent: 'Mozilla \\"4.08\\"',
    })
    expect(record(line('NGINX_ACCESS_LOG'), `${combined} "extra"`)).toMatchObject({ rest: '"extra"' })
  })

  test('requests that are no requests are kept whole', () => {
    const found = record(
      line('COMBINEDAPACHELOG'),
      String.raw`::1 - - [10/Oct/2000:13:55:36 -0700] "\x16\x03\x01 \"" 400 - "-" "-"`,
    )
    expect(found).toEqual({
      client: '::1',
      timestamp: '10/Oct/2000:13:55:36 -0700',
      request: String.raw`\x16\x03\x01 \"`,
      status: '400',
    })
  })

  test('S3 server access, with and without the later fields', () => {
    const early =
      'OWNER1 amzn-s3-demo-bucket1 [06/Feb/2019:00:00:38 +0000] 192.0.2.3 OWNER1 3E57427F3EXAMPLE REST.GET.VERSIONING - "GET /amzn-s3-demo-bucket1?versioning HTTP/1.1" 200 - 113 - 7 - "-" "S3Console/0.4" -'
    const fields = {
      bucket_owner: 'OWNER1',
      bucket: 'amzn-s3-demo-bucket1',
      time: '06/Feb/2019:00:00:38 +0000',
      remote_ip: '192.0.2.3',
      requester: 'OWNER1',
      request_id: '3E57427F3EXAMPLE',
      operation: 'REST.GET.VERSIONING',
      request_uri: 'GET /amzn-s3-demo-bucket1?versioning HTTP/1.1',
      http_status: '200',
      bytes_sent: '113',
      total_time: '7',
      user_agent: 'S3Console/0.4',
    }
    expect(record(line('S3_ACCESS_LOG'), early)).toEqual(fields)
    const later = `${early} s9lzHY= SigV4 ECDHE-RSA-AES128-GCM-SHA256 AuthHeader amzn-s3-demo-bucket1.s3.us-west-1.amazonaws.com TLSV1.2 arn:aws:s3:us-west-1:123456789012:accesspoint/example-AP Yes new fields`
    expect(record(line('S3_ACCESS_LOG'), later)).toMatchObject({
      ...fields,
      tls_version: 'TLSV1.2',
      acl_required: 'Yes',
      rest: 'new fields',
    })
  })

  test('classic and application load balancers', () => {
    const elb =
      '2015-05-13T23:39:43.945958Z my-loadbalancer 192.168.131.39:2817 10.0.0.1:80 0.000086 0.001048 0.001337 200 200 0 57 "GET https://www.example.com:443/ HTTP/1.1" "curl/7.38.0" DHE-RSA-AES128-SHA TLSv1.2'
    expect(record(line('ELB_ACCESS_LOG'), elb)).toMatchObject({
      client_port: '192.168.131.39:2817',
      elb_status_code: '200',
      user_agent: 'curl/7.38.0',
      ssl_protocol: 'TLSv1.2',
    })
    const alb =
      'http 2018-07-02T22:23:00.186641Z app/my-loadbalancer/50dc6c495c0c9188 192.168.131.39:2817 - 0.000 -1 -1 460 - 34 366 "GET http://www.example.com:80/ HTTP/1.1" "curl/7.46.0" - - arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/my-targets/73e2d6bc24d8a067 "Root=1-58337262-36d228ad5d99923122bbe354" "-" "-" 0 2018-07-02T22:22:48.364000Z "waf,forward" "-" "-"'
    expect(record(line('ALB_ACCESS_LOG'), alb)).toMatchObject({
      type: 'http',
      elb_status_code: '460',
      actions_executed: 'waf,forward',
    })
    const recent = `${alb} "10.0.0.66:9000" "200" "Acceptable" "-" TID_dc57cebed65b444ebc8177bb698fe166`
    expect(record(line('ALB_ACCESS_LOG'), recent)).toMatchObject({
      target_port_list: '10.0.0.66:9000',
      classification: 'Acceptable',
      conn_trace_id: 'TID_dc57cebed65b444ebc8177bb698fe166',
    })
  })

  test('VPC flow, version 2', () => {
    expect(
      record(line('VPC_FLOW_LOG'), '2 123456789010 eni-1235b8ca123456789 - - - - - - - 1431280876 1431280934 - NODATA'),
    ).toEqual({
      version: '2',
      account_id: '123456789010',
      interface_id: 'eni-1235b8ca123456789',
      start: '1431280876',
      end: '1431280934',
      log_status: 'NODATA',
    })
  })
})

test('words survive a round trip', () => {
  const { integer, text } = generator(9)
  for (let round = 0; round < 100; round++) {
    const words = Array.from({ length: 1 + integer(6) }, () => text(['a', '"', '.', 'é', '\\'], 5) || 'x')
    const use = pattern({ pattern: words.map((_, index) => `%{NOTSPACE:w${index}}`).join(' ') })
    expect(Object.values(record(use, words.join(' ')))).toEqual(words)
  }
})
