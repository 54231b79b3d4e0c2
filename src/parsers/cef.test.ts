import { expect, test } from 'vitest'
import { cef } from './cef.ts'
import { failure, generator, record, whole } from './shared/testing.ts'

const header = 'CEF:0|Security|threatmanager|1.0|100|worm successfully stopped|10|'
const extension = (text: string) => record(cef(), header + text).extension

test('header and extension', () => {
  expect(record(cef(), `${header}src=10.0.0.1 dst=2.1.2.2 spt=1232`)).toEqual({
    cefVersion: '0',
    deviceVendor: 'Security',
    deviceProduct: 'threatmanager',
    deviceVersion: '1.0',
    deviceEventClassId: '100',
    name: 'worm successfully stopped',
    severity: '10',
    extension: { src: '10.0.0.1', dst: '2.1.2.2', spt: '1232' },
  })
})

test('escapes of the header: pipe and backslash', () => {
  expect(record(cef(), String.raw`CEF:1|a\|b|c\\|1|2|x = y|Low|`)).toMatchObject({
    cefVersion: '1',
    deviceVendor: 'a|b',
    deviceProduct: 'c\\',
    name: 'x = y',
    severity: 'Low',
    extension: {},
  })
})

test('escapes of the extension: equals sign, backslash, line ends; pipes need none', () => {
  expect(extension(String.raw`act=blocked a | b \= c msg=one\ntwo\r\\three path=C:\temp\dir x=1`)).toEqual({
    act: 'blocked a | b = c',
    msg: 'one\ntwo\r\\three',
    path: 'C:\\temp\\dir',
    x: '1',
  })
})

test('values may contain blanks, and equals signs that nobody escaped', () => {
  expect(extension('msg=two words  here request=http://x/?a=b&c=d fname= end=1 ')).toEqual({
    msg: 'two words  here',
    request: 'http://x/?a=b&c=d',
    fname: '',
    end: '1',
  })
})

test('custom fields are joined with their labels', () => {
  expect(
    record(
      cef(),
      `${header}cs1Label=Policy Name cs1=office default cn1=5 cn1Label=Count cs2Label=Unused flexString1=x`,
    ),
  ).toMatchObject({
    labels: { 'Policy Name': 'office default', Count: '5' },
    extension: { cs1: 'office default', cs1Label: 'Policy Name', cs2Label: 'Unused', flexString1: 'x' },
  })
})

test('a syslog head goes to the envelope', () => {
  expect(whole(cef(), `<134>Sep 19 08:26:10 host app[1]: ${header}a=1`).envelope).toEqual({
    priority: 134,
    facility: 16,
    severity: 6,
    timestamp: 'Sep 19 08:26:10',
    hostname: 'host',
    appname: 'app',
    procid: '1',
  })
  expect(whole(cef(), `2023-07-10T11:45:00Z host ${header}`).envelope).toMatchObject({ hostname: 'host' })
  expect(whole(cef(), `some words ${header}`).envelope).toEqual({ prefix: 'some words' })
})

test('a header may lack its last pipe, but no field', () => {
  expect(record(cef(), 'CEF:0|a|b|c|d|e|5')).toMatchObject({ severity: '5', extension: {} })
  expect(failure(cef(), 'CEF:0|a|b|c|d|e').failure).toBe('the CEF header has fewer than seven fields')
  expect(failure(cef(), 'CEF|a').failure).toBe('no CEF:version| in the text')
  expect(failure(cef(), 'xCEF:0|a|b|c|d|e|5|').failure).toBe('no CEF:version| in the text')
})

test('hostile keys are ordinary fields', () => {
  const data = record(cef(), `${header}__proto__=1 cs1Label=__proto__ cs1=2`)
  expect(Object.keys(data.extension as object)).toContain('__proto__')
  expect(Object.keys(data.labels as object)).toEqual(['__proto__'])
})

test('events survive a round trip', () => {
  const { integer, text } = generator(7)
  for (let round = 0; round < 500; round++) {
    const fields = Array.from({ length: 6 }, () => text(['a', '|', '\\', '=', ' '], 6))
    const pairs = Array.from(
      { length: integer(5) },
      (_, index) => [`k${index}`, text(['v', '=', '\\', '\n', '|', ' '], 8).trim()] as const,
    )
    const head = fields.map((field) => field.replace(/[\\|]/g, '\\$&')).join('|')
    const tail = pairs
      .map(([key, value]) => `${key}=${value.replace(/[\\=]/g, '\\$&').replaceAll('\n', '\\n')}`)
      .join(' ')
    const data = record(cef(), `CEF:0|${head}|${tail}`)
    expect([
      data.deviceVendor,
      data.deviceProduct,
      data.deviceVersion,
      data.deviceEventClassId,
      data.name,
      data.severity,
    ]).toEqual(fields)
    expect(data.extension).toEqual(Object.fromEntries(pairs))
  }
})
