import { describe, expect, it, test } from 'vitest'
import * as helpers from './index.ts'

const { anyValue, arnParts, cidr, decodeBase64, decodeUrl, domainParts, entropy, get, getAll, glob } = helpers
const { hostOf, isPrivateAddress, localTime, officeHours, userAgentParts, valuesOfKey } = helpers

const deep = (levels: number) => {
  let value: unknown = 'core'
  for (let level = 0; level < levels; level++) value = level % 2 ? [value] : { in: value }
  return value
}

describe('values', () => {
  const record = { a: { b: [{ c: 1 }, { c: 2 }] }, 'x.y': null, c: 'z' }
  test('by path', () => {
    expect(get(record, 'a.b.c')).toBe(1)
    expect(get(record, "['x.y']")).toBe(null)
    expect(get(record, 'toString')).toBe(undefined)
    expect(getAll(record, 'a.b.c')).toEqual([1, 2])
    expect(getAll({ tags: ['a', 'b'] }, 'tags')).toEqual(['a', 'b'])
    expect(getAll(null, 'a')).toEqual([])
  })
  test('at any depth', () => {
    expect(anyValue(record, (value) => value === 2)).toBe(true)
    expect(anyValue(record, (value) => value === 3)).toBe(false)
    expect(valuesOfKey(record, 'c')).toEqual(['z', 1, 2])
    expect(valuesOfKey(JSON.parse('{"__proto__":{"p":1}}'), 'p')).toEqual([1])
    expect(anyValue(deep(50_000), (value) => value === 'core')).toBe(true)
  })
  test('at most a hundred thousand', () => {
    let seen = 0
    anyValue(
      Array.from({ length: 300_000 }, (_, n) => n),
      () => ++seen < 0,
    )
    expect(seen).toBeLessThanOrEqual(100_000)
  })
})

test('globs', () => {
  const internal = glob('*.corp.example', 'host-[0-9]')
  expect(['a.corp.example', 'host-7', 'host-x', 'corp.example', 7, null].map(internal)).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ])
})

describe('networks', () => {
  const office = cidr('10.0.0.0/8', '2001:db8::/32', '192.0.2.7')
  it.each<[unknown, boolean]>([
    ['10.255.0.1', true],
    ['11.0.0.1', false],
    ['::ffff:10.0.0.1', true],
    ['2001:db8:1::1', true],
    ['192.0.2.7', true],
    ['192.0.2.8', false],
    ['10.1', false],
    ['0x0a.0.0.1', false],
    ['10.0.0.1/8', false],
    ['ec2.amazonaws.com', false],
    ['1'.repeat(70), false],
    [167_772_161, false],
    [undefined, false],
  ])('%s', (address, inside) => {
    expect(office(address)).toBe(inside)
  })
  it('must be networks', () => {
    expect(() => cidr('10.0.0.0/33')).toThrow('"10.0.0.0/33" is no network')
  })
  it('that nobody routes', () => {
    expect(['10.0.0.1', '100.64.0.1', 'fd00::1', '127.0.0.1', '169.254.169.254'].every(isPrivateAddress)).toBe(true)
    expect(['8.8.8.8', '2606:4700::1', 'localhost', null].some(isPrivateAddress)).toBe(false)
  })
})

describe('ARN', () => {
  it.each<[string, string, string, string, string]>([
    ['arn:aws:iam::123456789012:role/path/admin', 'iam', '123456789012', 'role', 'path/admin'],
    ['arn:aws:s3:::bucket', 's3', '', '', 'bucket'],
    ['arn:aws:s3:::bucket/key:1', 's3', '', 'bucket', 'key:1'],
    ['arn:aws-cn:lambda:cn-north-1:1:function:name:3', 'lambda', '1', 'function', 'name:3'],
  ])('%s', (text, service, account, resourceType, resourceId) => {
    expect(arnParts(text)).toMatchObject({ service, account, resourceType, resourceId })
  })
  it.each(['', 'arn:aws:iam::1', 'arn:aws:iam::1:', 'urn:a:b:c:d:e', 7, null])('not %s', (text) => {
    expect(arnParts(text)).toBe(undefined)
  })
})

describe('decoding', () => {
  it.each<[unknown, string | undefined]>([
    ['aGVsbG8gd29ybGQ=', 'hello world'],
    ['aGVsbG8g\n d29ybGQ', 'hello world'],
    ['w6Q_fg', 'ä?~'],
    [Buffer.from('IEX (New-Object Net.WebClient)', 'utf16le').toString('base64'), 'IEX (New-Object Net.WebClient)'],
    ['not base64!', undefined],
    ['abcde', undefined],
    ['', undefined],
    [Buffer.from([0, 1, 2, 255]).toString('base64'), undefined],
    [7, undefined],
  ])('Base64 %j', (text, decoded) => {
    expect(decodeBase64(text)).toBe(decoded)
  })
  it.each([
    ['a%20b+c', 'a b+c'],
    ['%252e%252e%252f', '../'],
    ['100%', '100%'],
    ['%E4%20', '%E4%20'],
    ['%C3%A4', 'ä'],
    ['%00', '\0'],
  ])('URL %s', (text, decoded) => {
    expect(decodeUrl(text)).toBe(decoded)
  })
})

test('entropy, in bits for each character', () => {
  expect([entropy(''), entropy('aaaa'), entropy('abcd'), entropy('aabb')]).toEqual([0, 0, 2, 1])
})

describe('domains', () => {
  it.each<[string, string, string, string]>([
    ['WWW.Example.com.', 'com', 'example.com', 'www'],
    ['a.b.example.co.uk', 'co.uk', 'example.co.uk', 'a.b'],
    ['co.uk', 'uk', 'co.uk', ''],
    ['_dmarc.example.de', 'de', 'example.de', '_dmarc'],
    ['localhost', 'localhost', '', ''],
  ])('%s', (text, suffix, registered, subdomain) => {
    expect(domainParts(text)).toMatchObject({ suffix, registered, subdomain })
  })
  it.each(['', '10.0.0.1', 'a..b', '-a.com', 'a b.com', 'x'.repeat(70), null])('not %s', (text) => {
    expect(domainParts(text)).toBe(undefined)
  })
  it.each<[unknown, string | undefined]>([
    ['https://user:pw@Example.com:8443/a?b=http://other', 'example.com'],
    ['example.com:443', 'example.com'],
    ['http://[2001:db8::1]/', '2001:db8::1'],
    ['http://', undefined],
    [null, undefined],
  ])('host of %s', (text, host) => {
    expect(hostOf(text)).toBe(host)
  })
})

describe('time', () => {
  it('as clocks in a zone show it, also when summer time ends', () => {
    const berlin = localTime('Europe/Berlin')
    expect(berlin(new Date('2026-01-01T23:30:00Z'))).toEqual({
      date: '2026-01-02',
      weekday: 'Fri',
      hour: 0,
      minute: 30,
    })
    expect(berlin(new Date('2026-10-25T00:59:00Z')).hour).toBe(2)
    expect(berlin(new Date('2026-10-25T01:59:00Z')).hour).toBe(2)
  })
  it('within working hours, and over midnight', () => {
    const day = officeHours({ zone: 'America/New_York', from: '09:00', to: '17:30' })
    expect(['2026-03-02T14:00:00Z', '2026-03-02T22:29:00Z'].map((text) => day(new Date(text)))).toEqual([true, true])
    expect(
      ['2026-03-02T13:59:00Z', '2026-03-02T22:30:00Z', '2026-03-01T15:00:00Z'].some((text) => day(new Date(text))),
    ).toBe(false)
    const night = officeHours({ zone: 'UTC', days: ['Fri'], from: '22:00', to: '06:00' })
    expect(['2026-03-06T23:00:00Z', '2026-03-07T05:59:00Z'].every((text) => night(new Date(text)))).toBe(true)
    expect(['2026-03-06T05:00:00Z', '2026-03-07T23:00:00Z'].some((text) => night(new Date(text)))).toBe(false)
  })
  it('says what does not exist', () => {
    expect(() => localTime('Europe/Bonn')).toThrow('"Europe/Bonn" is no time zone')
    expect(() => officeHours({ zone: 'UTC', from: '9', to: '17:00' })).toThrow('"9" is no time')
  })
})

describe('user agents', () => {
  it.each<[string, string[], string | undefined]>([
    ['curl/8.5.0', ['curl 8.5.0'], undefined],
    [
      'aws-cli/2.15.0 Python/3.11.6 Linux/6.1.0 exe/x86_64',
      ['aws-cli 2.15.0', 'Python 3.11.6', 'Linux 6.1.0', 'exe x86_64'],
      'Linux',
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko (x)) Chrome/120.0 Safari/537.36',
      [
        'Mozilla 5.0 (Macintosh; Intel Mac OS X 10_15_7)',
        'AppleWebKit 537.36 (KHTML, like Gecko (x))',
        'Chrome 120.0',
        'Safari 537.36',
      ],
      'macOS',
    ],
    ['Mozilla/5.0 (Linux; Android 14', ['Mozilla 5.0 (Linux; Android 14)'], 'Android'],
    ['(only a comment) ) x', ['x'], undefined],
    ['', [], undefined],
  ])('%s', (text, products, system) => {
    const found = userAgentParts(text)
    expect(
      found.products.map(
        ({ name, version, comment }) => `${name}${version && ` ${version}`}${comment && ` (${comment})`}`,
      ),
    ).toEqual(products)
    expect(found.system).toBe(system)
  })
  it('may be hostile', () => {
    expect(userAgentParts('('.repeat(100_000)).products).toEqual([])
    expect(userAgentParts('a '.repeat(100_000)).products).toHaveLength(50)
    expect(userAgentParts(null).products).toEqual([])
  })
})
