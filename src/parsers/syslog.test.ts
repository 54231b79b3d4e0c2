import { describe, expect, test } from 'vitest'
import { parseTime } from '../core/time.ts'
import { cef } from './cef.ts'
import { csv } from './csv.ts'
import { json } from './json.ts'
import { keyValue } from './key-value.ts'
import { pattern } from './pattern/index.ts'
import { failure, generator, parse, record, whole } from './shared/testing.ts'
import { syslog } from './syslog/index.ts'

const read = (text: string) => record(syslog(), text)

describe('RFC 5424', () => {
  test('all parts, and the byte order mark before the message', () => {
    expect(read("<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su 12 ID47 - \uFEFF'su root' failed")).toEqual({
      priority: 34,
      facility: 4,
      severity: 2,
      timestamp: '2003-10-11T22:14:15.003Z',
      hostname: 'mymachine.example.com',
      appname: 'su',
      procid: '12',
      msgid: 'ID47',
      message: "'su root' failed",
    })
  })

  test('structured data, several elements, escapes, repeated parameters', () => {
    const { structured, message } = read(
      String.raw`<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 app - - [ex@32473 iut="3" src="App\"lic\\ation\]" raw="C:\temp"][empty@1][ip@2 a="1" a="2"] the message`,
    )
    expect(structured).toEqual({
      'ex@32473': { iut: '3', src: 'App"lic\\ation]', raw: 'C:\\temp' },
      'empty@1': {},
      'ip@2': { a: ['1', '2'] },
    })
    expect(message).toBe('the message')
  })

  test('nil values are absent; the message may be missing', () => {
    expect(read('<165>1 - - - - - -')).toEqual({ priority: 165, facility: 20, severity: 5, message: '' })
    expect(read('<165>1 - - - - - [a b="c"]')).toMatchObject({ structured: { a: { b: 'c' } }, message: '' })
  })

  test.each(['2003-10-11T22:14:15Z', '2003-10-11T22:14:15.1+02:00', '2003-10-11T22:14:15.123456789-07:00'])(
    'time %s',
    (time) => {
      expect(read(`<34>1 ${time} h a - - - m`)).toMatchObject({ timestamp: time, hostname: 'h', message: 'm' })
    },
  )

  test('structured data that is malformed or left out leaves the message whole', () => {
    expect(read('<34>1 2003-10-11T22:14:15Z h a 1 ID [error] x')).toMatchObject({
      structured: { error: {} },
      message: 'x',
    })
    expect(read('<34>1 2003-10-11T22:14:15Z h a 1 ID [error: x="1] y')).toMatchObject({ message: '[error: x="1] y' })
    expect(read('<34>1 2003-10-11T22:14:15Z h a 1 ID plain words')).toMatchObject({ message: 'plain words' })
  })

  test('hostile names are ordinary fields', () => {
    const { structured } = read('<34>1 - h a - - [__proto__ constructor="1" __proto__="2"] m')
    expect(Object.keys(structured as object)).toEqual(['__proto__'])
  })
})

describe('RFC 3164', () => {
  const clock = { timestamp: 'Oct 11 22:14:15' }

  test.each([
    [
      'the form of the RFC',
      "<34>Oct 11 22:14:15 mymachine su: 'su root' failed",
      { priority: 34, ...clock, hostname: 'mymachine', appname: 'su', message: "'su root' failed" },
    ],
    [
      'no priority',
      'Oct 11 22:14:15 h sshd[12]: m',
      { ...clock, hostname: 'h', appname: 'sshd', procid: '12', message: 'm' },
    ],
    [
      'odd priority',
      '<999>Oct 11 22:14:15 h sshd: m',
      { priority: 999, ...clock, hostname: 'h', appname: 'sshd', message: 'm' },
    ],
    ['one-digit day', 'Oct  1 22:14:15 h sshd: m', { timestamp: 'Oct  1 22:14:15', hostname: 'h' }],
    ['one-digit day, one blank', 'Oct 1 22:14:15 h sshd: m', { timestamp: 'Oct  1 22:14:15', hostname: 'h' }],
    ['full host name', 'Oct 11 22:14:15 web-1.example.com sshd: m', { hostname: 'web-1.example.com', appname: 'sshd' }],
    ['IPv6 host', 'Oct 11 22:14:15 2001:db8::1 sshd: m', { hostname: '2001:db8::1', appname: 'sshd' }],
    ['no host', 'Oct 11 22:14:15 sshd[12]: m', { appname: 'sshd', procid: '12', message: 'm' }],
    ['no tag', '<13>Feb  5 17:32:18 10.0.0.99 Use the BFG!', { hostname: '10.0.0.99', message: 'Use the BFG!' }],
    [
      'repeated',
      'Oct 11 22:14:15 h last message repeated 3 times',
      { hostname: 'h', message: 'last message repeated 3 times' },
    ],
    ['only a priority', '<13>Use the BFG!', { priority: 13, facility: 1, severity: 5, message: 'Use the BFG!' }],
    ['priority and tag', '<13>sshd[1]: m', { appname: 'sshd', procid: '1', message: 'm' }],
    ['priority, host and tag', '<13>h sshd[1]: m', { hostname: 'h', appname: 'sshd', procid: '1', message: 'm' }],
    ['year behind the day', 'Oct 11 2003 22:14:15 h a: m', { timestamp: '2003-10-11T22:14:15', hostname: 'h' }],
    ['year behind the time', 'Oct 11 22:14:15 2003 h a: m', { timestamp: '2003-10-11T22:14:15', hostname: 'h' }],
    ['year first', '<0>1990 Oct 22 10:52:01 h a: m', { timestamp: '1990-10-22T10:52:01', hostname: 'h' }],
    ['zone', 'Oct 11 22:14:15 CEST h a: m', { timestamp: 'Oct 11 22:14:15 +02:00', hostname: 'h' }],
    ['numeric zone', 'Oct 11 2003 22:14:15.5 -0700 h a: m', { timestamp: '2003-10-11T22:14:15.5-0700', hostname: 'h' }],
    [
      'ISO time of rsyslog',
      '2003-10-11T22:14:15.123456+02:00 h postfix/smtpd[7]: m',
      { timestamp: '2003-10-11T22:14:15.123456+02:00', hostname: 'h', appname: 'postfix/smtpd', procid: '7' },
    ],
    [
      'ISO time with a blank',
      '<13>2003-10-11 22:14:15,123 h a: m',
      { timestamp: '2003-10-11 22:14:15,123', hostname: 'h', appname: 'a' },
    ],
    [
      'kernel time',
      'Oct 11 22:14:15 h kernel: [   12.345678] usb',
      { appname: 'kernel', message: '[   12.345678] usb' },
    ],
    ['empty message', 'Oct 11 22:14:15 h a[1]:', { hostname: 'h', appname: 'a', procid: '1', message: '' }],
    ['trailing line end and zero', 'Oct 11 22:14:15 h a: m\r\n\0', { message: 'm' }],
    ['no host: a comment', 'Oct 11 22:14:15 #1 m', { message: '#1 m' }],
    ['address in the message', 'Oct 11 22:14:15 h http://x/ fetched', { hostname: 'h', message: 'http://x/ fetched' }],
  ])('%s', (_, text, expected) => {
    expect(read(text)).toMatchObject(expected)
  })

  test.each([
    'systemd-logind',
    'dhclient.leases',
    'postfix/smtpd',
    '/usr/sbin/cron',
    'su(pam_unix)',
    'com.apple.xpc.launchd',
    'Service::Name',
    'CRON',
    'app_1',
  ])('tag %s', (tag) => {
    expect(read(`Oct 11 22:14:15 h ${tag}[12]: m`)).toMatchObject({
      hostname: 'h',
      appname: tag,
      procid: '12',
      message: 'm',
    })
    expect(read(`Oct 11 22:14:15 ${tag}[12]: m`)).toMatchObject({ appname: tag, procid: '12', message: 'm' })
  })

  test.each([
    [
      '<189>123: fw: *Mar  1 00:00:00.123 UTC: %SYS-5-CONFIG_I: m',
      {
        sequence: 123,
        hostname: 'fw',
        timestamp: 'Mar  1 00:00:00.123 +00:00',
        appname: 'SYS',
        msgid: 'SYS-5-CONFIG_I',
        message: 'm',
      },
    ],
    [
      '<189>29: *Apr 25 2011 23:02:01.272: %LINEPROTO-SP-5-UPDOWN: m',
      { sequence: 29, timestamp: '2011-04-25T23:02:01.272', appname: 'LINEPROTO', msgid: 'LINEPROTO-SP-5-UPDOWN' },
    ],
    ['<189>.Mar  1 00:00:00 EST: %SYS-5-X: m', { timestamp: 'Mar  1 00:00:00 -05:00', appname: 'SYS' }],
    [
      '<166>Jul 10 2023 11:45:00: %ASA-6-302013: m',
      { timestamp: '2023-07-10T11:45:00', appname: 'ASA', msgid: 'ASA-6-302013' },
    ],
    ['<166>Jul 10 2023 11:45:00 fw1 : %ASA-6-302013: m', { hostname: 'fw1', appname: 'ASA', message: 'm' }],
    [
      '<166>:Jul 10 11:45:00 EDT: %ASA-session-6-302013: m',
      { timestamp: 'Jul 10 11:45:00 -04:00', appname: 'ASA', msgid: 'ASA-session-6-302013' },
    ],
    ['<166>%ASA-6-302016 Teardown UDP', { appname: 'ASA', msgid: 'ASA-6-302016', message: 'Teardown UDP' }],
    ['Jul 10 11:45:00 fw %FTD-6-302016 m: x', { hostname: 'fw', msgid: 'FTD-6-302016', message: 'm: x' }],
    ['<166>%ASA-6-302013: m', { appname: 'ASA', message: 'm' }],
    [
      'Jul 10 11:45:00 192.0.2.1 123: Jul 10 11:45:00.1: %SYS-5-X: m',
      { hostname: '192.0.2.1', appname: 'SYS', message: 'm' },
    ],
  ])('Cisco: %s', (text, expected) => {
    expect(read(text)).toMatchObject(expected)
  })

  test('text with neither priority nor time is a failure', () => {
    for (const text of ['', 'Use the BFG!', '{"a":1}', 'a,b', 'host sshd[1]: m', '13>x', 'Octo 11 22:14:15 h a: m']) {
      expect(failure(syslog(), text).failure).toBe('neither a priority nor a time at the beginning')
    }
  })

  test('every timestamp it gives is one that the engine reads', () => {
    const reference = Date.UTC(2024, 0, 1)
    for (const time of [
      'Oct  1 22:14:15',
      'Oct 11 22:14:15.5 CEST',
      'Oct 11 2003 22:14:15 -0700',
      '*Mar 1 00:00:00.123 UTC',
      '2003-10-11 22:14:15,123',
      '2003-10-11T22:14:15.123456+02:00',
    ]) {
      expect(parseTime(read(`<13>${time} h a: m`).timestamp, reference)).toBeTypeOf('number')
    }
  })
})

describe('the message for a further parser', () => {
  const line = 'Oct 11 22:14:15 h sshd[12]: Failed password for root from 192.0.2.7'
  const message = pattern({ pattern: 'Failed password for %{USER:user} from %{IP:source_ip}' })

  test('its fields make the record, those of syslog the envelope', () => {
    expect(whole(syslog({ message }), line)).toEqual({
      data: { user: 'root', source_ip: '192.0.2.7' },
      envelope: { timestamp: 'Oct 11 22:14:15', hostname: 'h', appname: 'sshd', procid: '12' },
    })
  })

  test('or both stand in the record, where those of syslog win', () => {
    expect(
      whole(syslog({ message: keyValue(), head: 'record' }), 'Oct 11 22:14:15 h a: user=root hostname=fake'),
    ).toEqual({
      data: {
        user: 'root',
        timestamp: 'Oct 11 22:14:15',
        hostname: 'h',
        appname: 'a',
        message: 'user=root hostname=fake',
      },
    })
  })

  test('JSON and CEF in syslog', () => {
    expect(whole(syslog({ message: json() }), '<13>1 - h a - - - {"a":1}')).toMatchObject({
      data: { a: 1 },
      envelope: { hostname: 'h' },
    })
    expect(record(syslog({ message: cef() }), 'Oct 11 22:14:15 h CEF:0|v|p|1|2|n|5|src=1.1.1.1')).toMatchObject({
      extension: { src: '1.1.1.1' },
    })
    expect(parse(syslog({ message: json() }), '<13>a: [{"a":1},2]')).toMatchObject([
      { data: { a: 1 } },
      { failure: expect.any(String) },
    ])
  })

  test('a message of another form is a failure', () => {
    expect(failure(syslog({ message }), 'Oct 11 22:14:15 h sshd[12]: Server listening').failure).toBe(
      'message: the pattern does not cover the text',
    )
  })

  test('app: only messages of these programs', () => {
    expect(record(syslog({ app: 'sshd' }), line)).toMatchObject({ appname: 'sshd' })
    expect(record(syslog({ app: ['cron', 'ss*'] }), line)).toMatchObject({ appname: 'sshd' })
    expect(failure(syslog({ app: 'cron' }), line).failure).toBe('a message of another program ("sshd")')
    expect(failure(syslog({ app: '?*' }), '<13>no tag here').failure).toBe('a message of another program ("")')
  })

  test('whether the fields of the schema count depends on the further parser', () => {
    const uses = (use: ReturnType<typeof syslog>) => use.parser.usesFields?.(use.options)
    expect([uses(syslog()), uses(syslog({ message: json() })), uses(syslog({ message: csv() }))]).toEqual([
      false,
      false,
      true,
    ])
  })
})

test('messages of RFC 5424 survive a round trip', () => {
  const { integer, pick, text } = generator(6)
  const word = () => text(['a', 'B', '1', '.', '/', '_'], 8) || '-'
  for (let round = 0; round < 500; round++) {
    const priority = integer(192)
    const [hostname, appname, procid, msgid] = [word(), word(), word(), word()]
    const params = Array.from(
      { length: integer(4) },
      (_, index) => [`p${index}`, text(['x', '"', '\\', ']', ' ', '=', 'é'], 6)] as const,
    )
    const escaped = params.map(([name, value]) => ` ${name}="${value.replace(/["\\\]]/g, '\\$&')}"`).join('')
    const structured = pick([true, false])
    const message = text(['x', ' ', '[', '"', 'é', ':'], 10).trim()
    const line = `<${priority}>1 2003-10-11T22:14:15Z ${hostname} ${appname} ${procid} ${msgid} ${structured ? `[id@1${escaped}]` : '-'} ${message}`
    const given = { hostname, appname, procid, msgid }
    expect(read(line)).toEqual({
      priority,
      facility: Math.floor(priority / 8),
      severity: priority % 8,
      timestamp: '2003-10-11T22:14:15Z',
      ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== '-')),
      ...(structured && { structured: { 'id@1': Object.fromEntries(params) } }),
      message,
    })
  }
})
