import { expect, test } from 'vitest'
import type { Alert, Committed, LogLine, Output, Settlement, Windows } from '../contracts/index.ts'
import { createDispatcher, type DispatcherOptions } from './index.ts'
import { CodedError } from '../errors.ts'

const minute = 60_000
const unavailable = (retryAfterMs?: number) =>
  new CodedError('OUTPUT_UNAVAILABLE', 'The far end answers 503.', {
    retry: 'later',
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  })

test('sends each alert once to each of its outputs, in order', async () => {
  const world = makeWorld({ alerts: 250, outputs: ['file:a', 'file:b'] })
  expect(await world.dispatch()).toEqual({})
  expect(world.sent('file:a')).toEqual(Array.from({ length: 250 }, (_, index) => `alert-${index}`))
  expect(world.sent('file:b')).toHaveLength(250)
  expect(world.states()).toEqual({ sent: 500 })
  await world.dispatch()
  expect(world.sent('file:a')).toHaveLength(250)
})

test('each delivery is settled before the next send of its slot', async () => {
  const world = makeWorld({ alerts: 5, outputs: ['file:a'] })
  const seen: number[] = []
  world.behave('file:a', async () => void seen.push(world.states().sent ?? 0))
  await world.dispatch()
  expect(seen).toEqual([0, 1, 2, 3, 4])
})

test('a failure worth another try waits with backoff and is tried again', async () => {
  const world = makeWorld({ alerts: 1, outputs: ['webhook:a'] })
  world.behave('webhook:a', async (_alert, attempt) => {
    if (attempt < 3) throw unavailable()
  })
  expect(await world.dispatch()).toEqual({ next: world.time + 500 })
  expect(await world.dispatch()).toEqual({ next: world.time + 500 })
  world.time += 500
  expect(await world.dispatch()).toEqual({ next: world.time + 1_000 })
  world.time += 1_000
  expect(await world.dispatch()).toEqual({})
  expect(world.sent('webhook:a')).toHaveLength(3)
  expect(world.states()).toEqual({ sent: 1 })
})

test('an alert waits as long as the far end asks, and the far end is left alone when it refuses the next one too', async () => {
  const world = makeWorld({ alerts: 10, outputs: ['webhook:a'] })
  world.behave('webhook:a', async (_alert, attempt) => {
    if (attempt === 1 || attempt === 5 || attempt === 6) throw unavailable(2 * minute)
  })
  const start = world.time
  expect(await world.dispatch()).toEqual({ next: start + 2 * minute })
  expect(world.sent('webhook:a')).toHaveLength(6)
  expect(world.states()).toEqual({ sent: 3, pending: 7 })
  world.time += 2 * minute
  await world.dispatch()
  expect(world.states()).toEqual({ sent: 10 })
})

test('a refusal is final at once, and so is whatever an output throws unexpectedly', async () => {
  const world = makeWorld({ alerts: 1, outputs: ['webhook:a', 'webhook:b', 'webhook:c'] })
  world.behave('webhook:a', () => Promise.reject(new CodedError('OUTPUT_REJECTED', 'The far end answers 400.')))
  world.behave('webhook:b', () => {
    throw new TypeError('x is not a function')
  })
  world.behave('webhook:c', () => Promise.reject(undefined))
  expect(await world.dispatch()).toEqual({})
  expect(world.deliveries.map(({ state, error }) => [state, error])).toEqual([
    ['dead', 'OUTPUT_REJECTED The far end answers 400.'],
    ['dead', 'OUTPUT_REJECTED x is not a function'],
    ['dead', 'OUTPUT_REJECTED undefined'],
  ])
  expect(world.lines.map(({ level, code }) => `${level} ${code}`)).toEqual(Array(3).fill('error OUTPUT_REJECTED'))
  expect(world.lines[0]!.message).toMatch(
    /was not delivered to webhook:a and is not tried again: The far end answers 400\.$/,
  )
})

test('an alert is given up after so many tries', async () => {
  const world = makeWorld({ alerts: 1, outputs: ['webhook:a'], maxTries: 4 })
  world.behave('webhook:a', () => Promise.reject(unavailable()))
  await world.dispatchToTheEnd()
  expect(world.sent('webhook:a')).toHaveLength(4)
  expect(world.deliveries[0]).toMatchObject({
    state: 'dead',
    error: 'OUTPUT_EXPIRED Given up after 4 tries. Last: OUTPUT_UNAVAILABLE The far end answers 503.',
  })
})

test('an alert is given up when it is too old, but not without a try', async () => {
  const world = makeWorld({ alerts: 1, outputs: ['webhook:a'], maxTries: 1_000 })
  const start = world.time
  world.behave('webhook:a', () => Promise.reject(unavailable()))
  await world.dispatchToTheEnd()
  expect(world.deliveries[0]).toMatchObject({ state: 'dead' })
  // The last try is at the limit, or when the output's pause ends.
  expect(world.time - start).toBeGreaterThanOrEqual(60 * minute)
  expect(world.time - start).toBeLessThan(65 * minute)

  const late = makeWorld({ alerts: 1, outputs: ['webhook:a'] })
  late.time += 500 * minute
  await late.dispatch()
  expect(late.states()).toEqual({ sent: 1 })
})

test('an output that answers too late fails, also when it does not heed its signal', async () => {
  const world = makeWorld({ alerts: 1, outputs: ['webhook:deaf', 'webhook:heeds'], timeoutMs: 20 })
  world.behave('webhook:deaf', () => new Promise(() => {}))
  world.behave('webhook:heeds', (_alert, _attempt, signal) => {
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))))
  })
  await world.dispatch()
  const error = 'OUTPUT_UNAVAILABLE No answer within 0.02 s.'
  expect(world.deliveries.map((delivery) => delivery.error)).toEqual([error, error])
  expect(world.states()).toEqual({ pending: 2 })
})

test('publishing is of the time that a try has', async () => {
  const world = makeWorld({
    alerts: 1,
    outputs: ['webhook:a'],
    timeoutMs: 20,
    publication: () => new Promise(() => {}),
  })
  await world.dispatch()
  expect(world.sent('webhook:a')).toEqual([])
  expect(world.deliveries).toMatchObject([
    { state: 'pending', attempts: 1, error: 'OUTPUT_UNAVAILABLE No answer within 0.02 s.' },
  ])
})

test('an output that keeps failing is left alone for a growing time, and then tried with one alert', async () => {
  const world = makeWorld({ alerts: 1_000, outputs: ['webhook:a'] })
  world.behave('webhook:a', () => Promise.reject(unavailable()))
  await world.dispatch()
  expect(world.sent('webhook:a')).toHaveLength(20)
  expect(world.status('webhook:a')).toMatchObject({ retried: 20, pausedUntil: world.time + 3_750 })
  expect(world.state.get('circuit:webhook:a')).toEqual({
    until: world.time + 3_750,
    failures: 20,
    error: 'OUTPUT_UNAVAILABLE The far end answers 503.',
  })
  expect(await world.dispatch()).toEqual({ next: world.time + 3_750 })
  world.time += 3_750
  await world.dispatch()
  expect(world.sent('webhook:a')).toHaveLength(21)
  expect(world.status('webhook:a').pausedUntil).toBe(world.time + 7_500)
  world.behave('webhook:a', async () => {})
  world.time += 30_000
  await world.dispatch()
  expect(world.states()).toEqual({ sent: 1_000 })
  expect(world.status('webhook:a')).toEqual({ sent: 1_000, retried: 21, dead: 0 })
  expect([...world.state]).toEqual([])
  expect(world.lines.map(({ code }) => code)).toEqual(['OUTPUT_UNAVAILABLE', 'OUTPUT_UNAVAILABLE', 'OUTPUT_BACK'])
})

test('a slow output holds up no other, and no later call', async () => {
  const world = makeWorld({ alerts: 1, outputs: ['webhook:slow', 'file:quick'] })
  const { promise, resolve } = Promise.withResolvers<void>()
  world.behave('webhook:slow', () => promise)
  const first = world.dispatch()
  await expect.poll(() => world.sent('file:quick')).toEqual(['alert-0'])
  world.add('alert-late')
  await world.dispatch()
  await expect.poll(() => world.sent('file:quick')).toEqual(['alert-0', 'alert-late'])
  expect(world.sent('webhook:slow')).toEqual(['alert-0'])
  resolve()
  await first
  expect(world.states()).toEqual({ sent: 4 })
})

test('what ends together is stored together', async () => {
  const world = makeWorld({ alerts: 40, outputs: ['webhook:a'], concurrency: 4 })
  await world.dispatch()
  expect(world.states()).toEqual({ sent: 40 })
  expect(world.settled).toEqual(Array(10).fill(4))
})

test('an output takes as many alerts at the same time as it says', async () => {
  const world = makeWorld({ alerts: 50, outputs: ['webhook:a'], concurrency: 4 })
  let now = 0
  let most = 0
  world.behave('webhook:a', async () => {
    most = Math.max(most, ++now)
    await new Promise((resolve) => setImmediate(resolve))
    now -= 1
  })
  await world.dispatch()
  expect(most).toBe(4)
  expect(world.states()).toEqual({ sent: 50 })
})

test('when told to stop, finishes what is in flight and gives the rest back', async () => {
  const world = makeWorld({ alerts: 10, outputs: ['webhook:a'] })
  const stop = new AbortController()
  world.behave('webhook:a', async (_alert, attempt) => {
    if (attempt === 3) stop.abort()
  })
  await world.dispatch(stop.signal)
  expect(world.states()).toEqual({ sent: 3, pending: 7 })
  expect(world.deliveries.filter(({ state }) => state === 'pending').every(({ due }) => due === world.time)).toBe(true)
  expect(world.deliveries.every(({ attempts }) => attempts <= 1)).toBe(true)
})

test('claims are given back before their lease runs out', async () => {
  const world = makeWorld({ alerts: 10, outputs: ['webhook:a'], timeoutMs: 10_000 })
  world.behave('webhook:a', async () => {
    world.time += 4_000
    expect(world.deliveries.every(({ state, due }) => state === 'sent' || due > world.time - 4_000)).toBe(true)
  })
  await world.dispatch()
  expect(world.sent('webhook:a')).toEqual(Array.from({ length: 10 }, (_, index) => `alert-${index}`))
})

test('an alert to an output that is not configured waits for a person', async () => {
  const world = makeWorld({ alerts: 3, outputs: ['slack:security'] })
  world.add('stray', ['slack:securty'])
  expect(await world.dispatch()).toEqual({})
  expect(world.deliveries.at(-1)).toMatchObject({
    state: 'dead',
    error: 'CONFIG_UNKNOWN_NAME No output "slack:securty" is configured. Did you mean "slack:security"?',
  })
  expect(world.states()).toEqual({ sent: 3, dead: 1 })
})

test('closes windows first, tells of their updates, and knows when the next one closes', async () => {
  const told: number[] = []
  const world = makeWorld({
    alerts: 0,
    outputs: ['file:a'],
    onCommitted: ({ alerts }) => void told.push(alerts.length),
  })
  world.closeWindows = ({ all }) => {
    if (all) world.add('update-1')
    return { alerts: all ? [alertOf('update-1', [])] : [], joined: new Map(), nextClose: 77 }
  }
  expect(await world.dispatch(undefined, 'hold')).toEqual({})
  expect(await world.dispatch()).toEqual({ next: 77 })
  await world.dispatch(undefined, 'all')
  expect(told).toEqual([1])
  expect(world.sent('file:a')).toEqual(['update-1'])
})

test('closes windows until there are no more to close', async () => {
  const told: number[] = []
  const world = makeWorld({ alerts: 0, outputs: [], onCommitted: ({ alerts }) => void told.push(alerts.length) })
  world.closeWindows = () => {
    const alerts = Array.from({ length: told.length + 1 }, (_, n) => alertOf(`update-${n}`, []))
    return { alerts, joined: new Map(), ...(told.length < 2 && { more: true }) }
  }
  await world.dispatch()
  expect(told).toEqual([1, 2, 3])
})

test('raises digests that are due, also while windows are held open, and knows when the next one is', async () => {
  const told: string[][] = []
  const world = makeWorld({
    alerts: 0,
    outputs: ['file:a'],
    onCommitted: ({ alerts }) => void told.push(alerts.map(({ id }) => id)),
  })
  let due = true
  world.raiseDigests = () => {
    if (due) world.add('digest')
    const alerts = due ? [alertOf('digest', [])] : []
    due = false
    return { alerts, joined: new Map(), nextClose: 99 }
  }
  expect(await world.dispatch(undefined, 'hold')).toEqual({ next: 99 })
  expect(world.sent('file:a')).toEqual(['digest'])
  await world.dispatch()
  expect(told).toEqual([['digest']])
})

test('a store that fails fails the call, once all outputs have ended', async () => {
  const world = makeWorld({ alerts: 1, outputs: ['file:a', 'file:b'] })
  world.failSettle = ({ output }) => output === 'file:a'
  await expect(world.dispatch()).rejects.toThrow('the disk is full')
  expect(world.states()).toEqual({ pending: 1, sent: 1 })
})

type Behaviour = (alert: Alert, attempt: number, signal: AbortSignal) => Promise<void>

interface Delivery {
  readonly alert: Alert
  readonly output: string
  state: Settlement['state']
  due: number
  attempts: number
  error?: string | undefined
}

interface WorldOptions extends Partial<Pick<DispatcherOptions, 'onCommitted' | 'publication'>> {
  readonly alerts: number
  readonly outputs: readonly string[]
  readonly concurrency?: number
  readonly maxTries?: number
  readonly timeoutMs?: number
}

/** A dispatcher with everything it needs: a store of a few lines, a clock that is set by hand, outputs that note what they get. */
function makeWorld(options: WorldOptions) {
  const deliveries: Delivery[] = []
  const lines: LogLine[] = []
  const state = new Map<string, unknown>()
  const sent = new Map<string, string[]>(options.outputs.map((name) => [name, []]))
  const behaviours = new Map<string, Behaviour>()
  const start = 1_700_000_000_000

  const outputOf = (name: string): Output => ({
    async send({ alert }, signal) {
      sent.get(name)!.push(alert.id)
      await behaviours.get(name)?.(alert, sent.get(name)!.length, signal)
    },
  })

  const world = {
    time: start,
    deliveries,
    lines,
    state,
    settled: [] as number[],
    failSettle: (_settlement: Settlement): boolean => false,
    closeWindows: (_options: { all: boolean }): Committed => ({
      alerts: [],
      joined: new Map(),
    }),
    raiseDigests: (): Committed => ({ alerts: [], joined: new Map() }),
    add(id: string, outputs: readonly string[] = options.outputs) {
      const alert = alertOf(id, outputs)
      deliveries.push(
        ...outputs.map((output): Delivery => ({ alert, output, state: 'pending', due: start, attempts: 0 })),
      )
    },
    behave: (output: string, behaviour: Behaviour) => void behaviours.set(output, behaviour),
    sent: (output: string) => sent.get(output)!,
    states() {
      const counts: Partial<Record<Settlement['state'], number>> = {}
      for (const { state } of deliveries) counts[state] = (counts[state] ?? 0) + 1
      return counts
    },
    status: (output: string) => dispatcher.status().get(output)!,
    dispatch: (signal = new AbortController().signal, windows: Windows = 'due') =>
      dispatcher.dispatch(signal, { windows, latenessMs: 0 }),
    async dispatchToTheEnd() {
      for (let { next } = await world.dispatch(); next !== undefined; { next } = await world.dispatch())
        world.time = next
    },
  }

  const dispatcher = createDispatcher({
    store: {
      closeWindows: async (given) => world.closeWindows(given),
      raiseDigests: async () => world.raiseDigests(),
      async set(key, value) {
        state.set(key, JSON.parse(value))
        return true
      },
      async delete(keys) {
        for (const key of keys) state.delete(key)
      },
      async claim({ output, now, limit, leaseMs }) {
        const due = deliveries.filter((one) => one.output === output && one.state === 'pending' && one.due <= now)
        return due.slice(0, limit).map((one) => {
          one.due = now + leaseMs
          return { alert: one.alert, output, attempts: one.attempts, lease: one.due, storedAt: start }
        })
      },
      async settle(settlements, now) {
        world.settled.push(settlements.length)
        for (const settlement of settlements) {
          if (world.failSettle(settlement)) throw new Error('the disk is full')
          const { alert, output, state, retryAt = now, error } = settlement
          const found = deliveries.find((one) => one.alert.id === alert && one.output === output)!
          found.attempts += state === 'pending' && error === undefined ? 0 : 1
          Object.assign(found, { state, due: retryAt, error })
        }
      },
      async due() {
        const pending = deliveries.filter(({ state }) => state === 'pending')
        return [...Map.groupBy(pending, ({ output }) => output)].map(([output, all]) => ({
          output,
          count: all.length,
          at: Math.min(...all.map(({ due }) => due)),
        }))
      },
    },
    outputs: new Map(
      options.outputs.map((name) => [name, { output: outputOf(name), concurrency: options.concurrency ?? 1 }]),
    ),
    now: () => world.time,
    random: () => 0.5,
    log: (line) => void lines.push(line),
    limits: { maxTries: options.maxTries ?? 20, maxAgeMs: 60 * minute, timeoutMs: options.timeoutMs ?? 1_000 },
    ...(options.publication && { publication: options.publication }),
    ...(options.onCommitted && { onCommitted: options.onCommitted }),
  })

  for (let index = 0; index < options.alerts; index += 1) world.add(`alert-${index}`)
  return world
}

function alertOf(id: string, outputs: readonly string[]): Alert {
  return {
    id,
    rule: 'sudo-in-pci',
    severity: 'high',
    title: 'sudo on web-3',
    description: 'Someone used sudo.',
    createdAt: '2026-02-03T10:02:11.000Z',
    cluster: 'pci',
    source: 'file:osquery',
    schema: 'osquery:differential',
    record: {
      id: 'r1',
      source: 'file:osquery',
      cluster: 'pci',
      position: 'osquery.log#0',
      receivedAt: 0,
      schema: 'osquery:differential',
      time: 0,
      data: {},
    },
    outputs,
    context: {},
    staged: false,
  }
}
