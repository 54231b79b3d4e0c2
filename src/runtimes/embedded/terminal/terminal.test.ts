import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import type { Alert, Count, FrameResult, Metric, QuarantineEntry } from '../../../core/contracts/index.ts'
import { createReporter } from './index.ts'
import { addSample, progressLine, ratesOf, type Sample } from './progress-line.ts'
import { createScreen, type Stream, wantsColour } from './screen.ts'

test('a run that ends shows what was read, classified, alerted and not understood, and what to type next', () => {
  const { reporter, out, clock } = makeReporter({ once: true })
  reporter.committed(
    {
      alerts: [alertOf('a1', 'low'), alertOf('c01d5e77aa', 'critical'), { ...alertOf('a1', 'low'), updates: 'a1' }],
      joined: new Map(),
    },
    [
      resultOf({
        counts: [
          count('records', 1_200, { source: 'file:sshd', cluster: 'prod', schema: 'linux:sshd' }),
          count('bytes', 150_000, { source: 'file:sshd' }),
          count('quarantined', 2, { source: 'file:sshd', cluster: 'prod', reason: 'RECORD_NO_SCHEMA' }),
        ],
        quarantine: [
          entry({ nearest: { schema: 'linux:sshd', field: 'message', message: 'is missing\u001b[2J' } }),
          entry({ nearest: { schema: 'linux:sshd', field: 'message', message: 'is missing' } }),
          entry({ kind: 'verdict', reason: 'RULE_THREW', rule: 'sudo-in-pci', message: 'x is not a function' }),
        ],
      }),
    ],
  )
  reporter.committed({ alerts: [], joined: new Map([['a1', 3]]) }, [])
  for (const state of ['sent', 'sent', 'pending', 'dead'] as const) {
    reporter.settled({ alert: 'a1', output: 'file:alerts', state })
  }
  clock.now += 2_000
  reporter.end(1)
  expect(out.text().split('\n').slice(1).join('\n').trim()).toBe(
    `Read  1,202 records, 150 kB in 2.0 s (601/s)
  file:sshd  prod  1,202 records  150 kB

Classified  1,200 records
  linux:sshd  1,200

Alerted  2 alerts, 1 update
  CRITICAL  rule-of-c01d5e77aa  1
  LOW       rule-of-a1          1  +3 merged
  → file:alerts  2 delivered  1 given up
  1 delivery still to be sent; the next run goes on with them

Not understood  2
  2 × No candidate schema takes the record RECORD_NO_SCHEMA
    nearest linux:sshd, field message: is missing\\x1b[2J
    such as auth.log#7

Rule errors  1
  1 × A rule threw an error RULE_THREW
    sudo-in-pci: x is not a function
    such as auth.log#7

Next
  npx streamalert alerts list           all alerts, newest first
  npx streamalert alerts show c01d5e77  one of them in full, with its record
  npx streamalert quarantine list       what was not understood, and why
  npx streamalert quarantine retry      once the rules are mended; for now this run ends with exit code 1
  npx streamalert status                sources, rules and outputs at a glance`,
  )
})

test('a run with nothing to do says so', () => {
  const { reporter, out } = makeReporter({ once: true })
  reporter.end(0)
  expect(out.text()).toContain('Read  nothing new')
  expect(out.text()).toContain('Alerted  0 alerts')
  expect(out.text()).not.toContain('Not understood')
})

test('while following, hits that join an open alert are told; before that, and in its update, they are not', () => {
  const { reporter, out } = makeReporter({ once: false })
  reporter.started({ 'linux:sshd': ['password'] })
  const opened = { ...alertOf('a1', 'high'), title: 'sudo by hunter2\u0007' }
  reporter.committed({ alerts: [opened], joined: new Map([['a1', 5]]) }, [])
  reporter.tick()
  expect(out.text()).not.toContain('merged into')
  reporter.caughtUp()
  reporter.committed({ alerts: [], joined: new Map([['a1', 2]]) }, [])
  reporter.committed({ alerts: [], joined: new Map([['a1', 1]]) }, [])
  reporter.tick()
  reporter.tick()
  expect(out.text().match(/\+.*merged into.*/g)).toEqual(['+3 merged into sudo by •••\\x07 (rule-of-a1)'])
})

test('a flood of one kind of log line is cut short, and counted', () => {
  const { reporter, out, clock } = makeReporter({ once: false })
  for (let index = 0; index < 100; index += 1) {
    reporter.log({ level: 'warn', code: 'SOURCE_FAILED', message: `line ${index}\u001b[31m` })
  }
  reporter.log({ level: 'error', code: 'STORE_FAILED', message: 'the disk is full' })
  reporter.log({ level: 'debug', code: 'X', message: 'not for people' })
  expect(out.text().trim().split('\n')).toEqual([
    ...[0, 1, 2, 3, 4].map((index) => `warning SOURCE_FAILED line ${index}\\x1b[31m`),
    'error STORE_FAILED the disk is full',
  ])
  clock.now += 10_000
  reporter.tick()
  expect(out.text()).toContain('warning SOURCE_FAILED … and 95 more of these, such as: line 99\\x1b[31m')
})

test('on a terminal, text goes above the live line', () => {
  const out = makeStream({ isTTY: true, columns: 30 })
  const screen = createScreen({ alerts: out, people: out, env: { NO_COLOR: '1' }, now: () => 0 })
  screen.live('reading 1 record')
  screen.write('an alert\n')
  screen.live(`reading ${'x'.repeat(50)}`)
  screen.rest()
  expect(out.writes).toEqual([
    '\r\u001b[2Kreading 1 record',
    '\r\u001b[2Kan alert\nreading 1 record',
    `\r\u001b[2Kreading ${'x'.repeat(20)}…`,
    '\r\u001b[2K',
  ])
})

test('programs that read the alerts get nothing else', () => {
  const alerts = makeStream({ isTTY: true })
  const people = makeStream({ isTTY: true })
  const screen = createScreen({ alerts, people, env: {}, now: () => 0 })
  screen.live('reading')
  screen.people.write('a notice\n')
  screen.write('{"id":"a1"}\n')
  screen.rest()
  expect(alerts.writes).toEqual(['{"id":"a1"}\n'])
})

test('without a terminal, the live line is a plain line now and then', () => {
  const clock = { now: 0 }
  const out = makeStream({})
  const screen = createScreen({ alerts: out, people: out, env: {}, now: () => clock.now })
  for (; clock.now <= 25_000; clock.now += 100) screen.live(`reading ${clock.now}`)
  screen.live('reading 25000')
  screen.rest()
  expect(out.writes).toEqual(['reading 0\n', 'reading 10000\n', 'reading 20000\n'])
})

test('a reader that has gone is written to no more', () => {
  let fail: (error: Error) => void = () => {}
  const out = { ...makeStream({}), on: (_event: 'error', listener: (error: Error) => void) => void (fail = listener) }
  const screen = createScreen({ alerts: out, people: out, env: {}, now: () => 0 })
  screen.write('one\n')
  fail(new Error('EPIPE'))
  screen.write('two\n')
  expect(out.writes).toEqual(['one\n'])
})

test.each([
  [true, {}, true],
  [true, { NO_COLOR: '1' }, false],
  [true, { TERM: 'dumb' }, false],
  [false, {}, false],
  [false, { FORCE_COLOR: '1' }, true],
  [true, { FORCE_COLOR: '0' }, false],
  [true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
])('terminal %j with %j: colour %j', (isTTY, env, colour) => {
  expect(wantsColour(makeStream({ isTTY }), env)).toBe(colour)
})

test('what waits to be sent is told at the end, also when the summary was shown before', () => {
  const { out, reporter } = makeReporter({ once: false })
  reporter.caughtUp()
  expect(out.text()).not.toContain('still to be sent')
  reporter.end(3)
  expect(out.text().split('\n').at(-2)).toBe('3 deliveries still to be sent; the next run goes on with them')
})

test('verdicts that failed are a reason to come back, and for the exit code', () => {
  const { out, reporter } = makeReporter({ once: true })
  const failed = entry({ kind: 'verdict', reason: 'RULE_THREW', rule: 'sudo', message: 'boom' })
  reporter.committed({ alerts: [], joined: new Map() }, [resultOf({ quarantine: [failed], records: 1 })])
  reporter.end(0)
  expect(out.text()).toMatch(/quarantine retry +once the rules are mended; for now this run ends with exit code 1/)
})

test('rates are those of the last seconds', () => {
  let samples: readonly Sample[] = []
  for (let at = 0; at <= 10_000; at += 100) {
    const records = at <= 5_000 ? at * 100 : 500_000 + (at - 5_000)
    samples = addSample(samples, { at, records, bytes: records * 10 })
  }
  expect(ratesOf(samples)).toEqual({ records: 1_000, bytes: 10_000 })
  expect(samples.length).toBeLessThan(40)
  expect(ratesOf([])).toEqual({ records: 0, bytes: 0 })
})

test('the progress line', () => {
  const tally = { records: 12_340, quarantined: 5, alerts: 1, bytes: 0 }
  const rates = { records: 6_200, bytes: 9_120_000 }
  expect(progressLine({ tally, rates, elapsedMs: 4_240, following: false })).toBe(
    'reading  12,345 records · 6,200/s · 9.1 MB/s · 1 alert · 5 not understood · 4.2 s',
  )
  expect(
    progressLine({
      tally: { ...tally, quarantined: 0 },
      rates: { records: 0, bytes: 0 },
      elapsedMs: 9,
      following: true,
    }),
  ).toBe('following  12,340 records · 1 alert · Ctrl-C ends')
})

function makeStream(of: Pick<Stream, 'isTTY' | 'columns'>) {
  const writes: string[] = []
  return {
    ...of,
    writes,
    write: (text: string) => void writes.push(text),
    text: () => stripVTControlCharacters(writes.join('')),
  }
}

function makeReporter({ once }: { once: boolean }) {
  const clock = { now: 1_000_000 }
  const out = makeStream({})
  const now = () => clock.now
  const screen = createScreen({ alerts: out, people: out, env: {}, now })
  return { out, clock, reporter: createReporter({ screen, now, command: 'npx streamalert', once }) }
}

const count = (metric: Metric, n: number, labels: Count['labels']): Count => ({ metric, labels, n })

const resultOf = (of: Partial<FrameResult>): FrameResult => ({
  hits: [],
  quarantine: [],
  counts: [],
  bytes: 0,
  records: 0,
  ...of,
})

const entry = (of: Partial<QuarantineEntry>): QuarantineEntry => ({
  id: 'q1',
  kind: 'record',
  reason: 'RECORD_NO_SCHEMA',
  message: 'No schema takes it.',
  source: 'file:sshd',
  cluster: 'prod',
  position: 'auth.log#7',
  receivedAt: 0,
  raw: new Uint8Array(),
  ...of,
})

const alertOf = (id: string, severity: Alert['severity']): Alert => ({
  id,
  rule: `rule-of-${id}`,
  severity,
  title: 'sudo on web-3',
  description: 'Someone used sudo.',
  createdAt: '2026-02-03T10:02:11.000Z',
  cluster: 'prod',
  source: 'file:sshd',
  schema: 'linux:sshd',
  record: {
    id: 'r1',
    source: 'file:sshd',
    cluster: 'prod',
    position: 'auth.log#0',
    receivedAt: 0,
    schema: 'linux:sshd',
    time: 0,
    data: { password: 'hunter2' },
  },
  outputs: [],
  context: {},
  staged: false,
})
