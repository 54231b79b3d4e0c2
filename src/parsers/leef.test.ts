import { expect, test } from 'vitest'
import { leef } from './leef.ts'
import { failure, generator, record, whole } from './shared/testing.ts'

test('1.0: attributes separated by tabs', () => {
  expect(
    record(
      leef(),
      'LEEF:1.0|Microsoft|MSExchange|4.0 SP1|15345|src=192.0.2.0\tdst=172.50.123.1\tmsg=two words a=b\tempty=',
    ),
  ).toEqual({
    leefVersion: '1.0',
    vendor: 'Microsoft',
    product: 'MSExchange',
    productVersion: '4.0 SP1',
    eventId: '15345',
    attributes: { src: '192.0.2.0', dst: '172.50.123.1', msg: 'two words a=b', empty: '' },
  })
})

test.each([
  ['a character', 'LEEF:2.0|V|P|1|41|^|a=1^b=2'],
  ['a code', 'LEEF:2.0|V|P|1|41|0x5E|a=1^b=2'],
  ['a code, short', 'LEEF:2.0|V|P|1|41|x5e|a=1^b=2'],
  ['nothing', 'LEEF:2.0|V|P|1|41||a=1\tb=2'],
  ['no field', 'LEEF:2.0|V|P|1|41|a=1\tb=2'],
])('2.0: the delimiter is %s', (_, text) => {
  expect(record(leef(), text)).toMatchObject({ leefVersion: '2.0', eventId: '41', attributes: { a: '1', b: '2' } })
})

test('escapes: pipe and backslash in the header; delimiter, equals sign and backslash in attributes', () => {
  expect(record(leef(), String.raw`LEEF:2.0|V\|W|P\\|1|41|^|a=x\^y\=z\\^path=C:\temp^b=2`)).toMatchObject({
    vendor: 'V|W',
    product: 'P\\',
    attributes: { a: 'x^y=z\\', path: 'C:\\temp', b: '2' },
  })
})

test('a folder before a tab ends with its backslash', () => {
  expect(record(leef(), 'LEEF:1.0|V|P|1|41|path=C:\\temp\\\tb=2').attributes).toEqual({ path: 'C:\\temp\\', b: '2' })
})

test('a syslog head goes to the envelope', () => {
  expect(whole(leef(), 'Jan 18 11:07:53 myhostname LEEF:1.0|V|P|1|41|a=1').envelope).toEqual({
    timestamp: 'Jan 18 11:07:53',
    hostname: 'myhostname',
  })
  expect(whole(leef(), '<133>1 2019-01-18T11:07:53.520+07:00 192.168.1.1 LEEF:1.0|V|P|1|41|').envelope).toMatchObject({
    priority: 133,
    timestamp: '2019-01-18T11:07:53.520+07:00',
    hostname: '192.168.1.1',
  })
})

test('what is no LEEF is a failure', () => {
  expect(failure(leef(), 'LEEF:1.0|V|P|1').failure).toBe('the LEEF header has fewer than five fields')
  expect(failure(leef(), 'CEF:0|a|b|c|d|e|5|').failure).toBe('no LEEF:version| in the text')
})

test('events survive a round trip', () => {
  const { integer, pick, text } = generator(8)
  for (let round = 0; round < 500; round++) {
    const delimiter = pick(['^', '\t', '~'])
    const pairs = Array.from(
      { length: integer(5) },
      (_, index) => [`k${index}`, text(['v', '=', '\\', '^', ' ', '|'], 8).trim()] as const,
    )
    const escaped = (value: string) => value.replace(/[\\=]/g, '\\$&').replaceAll(delimiter, `\\${delimiter}`)
    const line = pairs.map(([key, value]) => `${key}=${escaped(value)}`).join(delimiter)
    expect(record(leef(), `LEEF:2.0|V|P|1|E|${delimiter}|${line}`).attributes).toEqual(Object.fromEntries(pairs))
  }
})
