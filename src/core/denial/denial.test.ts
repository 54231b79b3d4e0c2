import { expect, test } from 'vitest'
import { own, stepsOf } from '../paths.ts'
import { denialOf } from './index.ts'

type Predicate = (record: never, context: never) => unknown
type Plain = Record<string, unknown>

/** The part of a record that `denies` is promised: what stands at the paths, containers empty but for what is found in them. */
function partAt(record: unknown, paths: readonly string[]): unknown {
  const wanted = new Set(paths.map((path) => stepsOf(path).join('\n')))
  const copy = (value: unknown, at: readonly string[]): unknown => {
    const isFound = wanted.has(at.join('\n'))
    if (typeof value !== 'object' || value === null) return isFound ? value : undefined
    if (Array.isArray(value)) return isFound ? value.map((inner) => copy(inner, at) ?? null) : undefined
    const members = Object.entries(value).flatMap(([key, inner]) => {
      const part = copy(inner, [...at, key])
      return part === undefined ? [] : [[key, part] as const]
    })
    return isFound || members.length > 0 ? Object.fromEntries(members) : undefined
  }
  return copy(record, []) ?? {}
}

const createsKey = {
  eventName: 'CreateAccessKey',
  userIdentity: { userName: 'ann', type: 'IAMUser' },
  requestParameters: { userName: 'bob' },
}

const re = /x/g
const helper = (value: unknown): boolean => value === 're'
const fails = (): boolean => {
  throw new Error('called')
}

const ofKeys = (event: typeof createsKey & { errorCode?: string }) =>
  event.eventName === 'CreateAccessKey' &&
  !event.errorCode &&
  typeof event.requestParameters?.['userName'] === 'string' &&
  event.requestParameters['userName'] !== event.userIdentity.userName
const ofSudo = (record: { columns: Record<string, string> }) => record.columns['cmdline']?.startsWith('sudo ') ?? false
const ofLogins = (record: { event: string }) => record.event === 'login_failed' || record.event === 'login'
const ofTables = (record: { action: string; name: string; columns: Record<string, string> }) =>
  record.action === 'added' && record.name.endsWith('crontab') && re.test(record.columns['command'] ?? '')

test.for<readonly [Predicate, readonly string[], readonly (readonly [unknown, boolean])[]]>([
  [
    ofKeys,
    [
      ...['eventName', 'errorCode', 'requestParameters', 'requestParameters.userName'],
      ...['userIdentity', 'userIdentity.userName'],
    ],
    [
      [createsKey, false],
      [{ ...createsKey, eventName: 'CreateUser' }, true],
      [{}, true],
      [{ ...createsKey, errorCode: 'AccessDenied' }, true],
      [{ ...createsKey, errorCode: '' }, false],
      [{ ...createsKey, errorCode: ['AccessDenied'] }, true],
      [{ ...createsKey, requestParameters: null }, true],
      [{ ...createsKey, requestParameters: {} }, true],
      [{ ...createsKey, requestParameters: { userName: 7 } }, true],
      [{ ...createsKey, requestParameters: { userName: 'ann' } }, true],
      // It throws; or its value is none of the record's own.
      [{ ...createsKey, userIdentity: undefined }, false],
      [{ ...createsKey, requestParameters: 'text' }, false],
      [{ ...createsKey, requestParameters: [] }, false],
    ],
  ],
  [
    ofSudo,
    ['columns', 'columns.cmdline'],
    [
      [{ columns: { cmdline: 'sudo ls' } }, false],
      [{ columns: { cmdline: 'ls' } }, true],
      [{ columns: { cmdline: null } }, true],
      [{ columns: {} }, true],
      [{ columns: { cmdline: 5 } }, false],
      [{ columns: { cmdline: {} } }, false],
      [{ columns: null }, false],
      [{}, false],
    ],
  ],
  [
    ofLogins,
    ['event'],
    [
      [{ event: 'login' }, false],
      [{ event: 'login_failed' }, false],
      [{ event: 'logout' }, true],
      [{ event: {} }, true],
      [{}, true],
    ],
  ],
  [
    ofTables,
    ['action', 'name'],
    [
      [{ action: 'removed' }, true],
      [{ action: 'added', name: 'shell_history', columns: {} }, true],
      [{ action: 'added', name: 'crontab', columns: {} }, false],
      [{ action: 'added' }, false],
    ],
  ],
])('%s', ([predicate, paths, cases]) => {
  const denial = denialOf(predicate)!
  expect(denial.paths).toEqual(paths)
  for (const [record, denied] of cases) {
    expect([record, denial.denies(record)]).toEqual([record, denied])
    expect([record, denial.denies(partAt(record, paths))]).toEqual([record, denied])
    expect(!denied || predicate(record as never, undefined as never) === false).toBe(true)
  }
})

/** A predicate with exactly this source: what tools for tests and types do to code stays out. */
const made = (code: string, names: Plain = {}): Predicate =>
  // oxlint-disable-next-line typescript/no-implied-eval -- the calls stand in this file
  new Function(...Object.keys(names), `return (${code})`)(...Object.values(names))

const record = {
  ...{
    s: 'text',
    empty: '',
    no: false,
    yes: true,
    n: 5,
    zero: 0,
    nil: null,
    list: ['text'],
    object: { s: 'in', length: 1 },
  },
  ...{ 'x.y': 1, "it's": 1, '7': 1, '': 1, '*': 1, 'a\\b': 1, envelope: { s: 'own' } },
}

/** Each answers `false` and does nothing else; that has to be found out by these paths. */
test.for([
  ["(r) => r.s === 'other'", ['s']],
  ['(r) => r.nil != null', ['nil']],
  ['(r) => r.list == null', ['list']],
  ['(r) => undefined == r.list || !(null != r.list)', ['list']],
  ['(r) => r.object === r.s', ['object', 's']],
  ['(r) => !r.list', ['list']],
  ['(r) => r.no', ['no']],
  ["(r) => r.n === '5'", ['n']],
  ['(r) => r.n < 5 || r.n > 5', ['n']],
  ["(r) => r.n >= 'x'", ['n']],
  ['(r) => r.n < -1', ['n']],
  ["(r) => typeof r.nil === 'string'", ['nil']],
  ["(r) => typeof r.s !== typeof 'x'", ['s']],
  ["(r) => r.s.toUpperCase().includes('t')", ['s']],
  ["(r) => r.s.trim().startsWith('x')", ['s']],
  ["(r) => (r.none ?? r.s).endsWith('x')", ['none', 's']],
  ['(r) => r.s.includes(r.object.s)', ['s', 'object', 'object.s']],
  ['(r) => r.none?.a.b.c === 1', ['none', 'none.a', 'none.a.b', 'none.a.b.c']],
  ['(r) => r.none?.[fails()].b(fails()) ?? false', ['none']],
  ['(r) => r.none?.startsWith(fails()) === true', ['none']],
  ['(r) => r.nil?.(fails()) === true', ['nil']],
  ['(r) => r.none?.s?.startsWith(fails()) === true', ['none', 'none.s']],
  ['(r) => r.nil?.split(",").includes("x") ?? false', ['nil']],
  ['(r) => r.nil?.trim().split(",").includes("x") ?? false', ['nil']],
  ["(r) => '' || r.no", ['no']],
  ['(r) => r.yes ? r.no : fails()', ['yes', 'no']],
  ['(r) => r["object"][`s`] === "x"', ['object', 'object.s']],
  ['(r) => r["x.y"] === 2', ["['x.y']"]],
  ['(r) => r["it\'s"] === 2', ["['it\\'s']"]],
  ['(r) => r["7"] === 2', ["['7']"]],
  ['(r) => r[""] === 2', ["['']"]],
  ['(r) => r["*"] === 2', ["['*']"]],
  ['(r) => r["a\\\\b"] === 2', ["['a\\\\b']"]],
  ['(r) => r.envelope.s === 2', ["['envelope']", "['envelope'].s"]],
  ['({ s, object: { length } }) => s === 1', undefined],
  ["({ s, object: inner, 'x.y': z }) => s === 1 || inner.s === 1 || z === 2", ['s', 'object', 'object.s', "['x.y']"]],
  ['({ s: undefined }) => undefined === 1', ['s']],
  ['(r, { cluster }, ...more) => r.s === 1 && cluster', ['s']],
  ['function (r) { return r.s === 1 }', ['s']],
  ['function named(r) { return r.s === 1 }', ['s']],
  ['({ match(r) { return r.s === 1 } }).match', ['s']],
  ["({ 'a b'(r) { return r.s === 1 } })['a b']", ['s']],
  ['(class { static match(r) { return r.s === 1 } }).match', ['s']],
  ['(r) => { if (r.s !== "other") return false; return fails() }', ['s']],
  ['(r) => { if (r.n === 4) { return true } if (r.s === 1) return fails(); return r.no }', ['n', 's', 'no']],
  ['(r) => { if (r.s === "text") return false; const x = fails(); return x }', ['s']],
  ['(r) => { if (r.n === 4) { fails() } else if (r.n === 6) return true; else return r.n === 7 }', ['n']],
  ['(r) => { if (r.n === 4) fails(); return r.no }', ['n', 'no']],
  // What can be no denial is not asked for.
  ['(r) => r.s === 1 && (r.n === 5 || fails())', ['s']],
  ['(r) => r.no && (r.n === 5 || r.zero === 0)', ['no', 'n', 'zero']],
] as const)('%s', ([code, paths]) => {
  const predicate = made(code, { fails })
  const denial = denialOf(predicate)
  expect(denial?.paths).toEqual(paths)
  if (!denial) return
  expect(predicate(record as never, {} as never)).toBe(false)
  expect([denial.denies(record), denial.denies(partAt(record, denial.paths))]).toEqual([true, true])
})

/** Nothing is denied: it throws, it does something, its answer is not exactly `false`, or it cannot be told what it does. */
test.for([
  '(r) => r.s === "text"',
  '(r) => r.empty',
  '(r) => r.none',
  '(r) => r.zero && true',
  '(r) => r.nil.a === 1',
  '(r) => r.none.a === 1',
  '(r) => (r.none?.a).b === 1',
  '(r) => r.none?.a === undefined',
  '(r) => fails() && r.no',
  '(r) => r.s.startsWith(1) && r.no',
  '(r) => r.n.startsWith("5") || r.no',
  '(r) => r.s.length === 5',
  '(r) => r.s?.length === 5',
  '(r) => r.list.length === 2',
  '(r) => r.list.s === 1',
  '(r) => r.list[0] === "other"',
  '(r) => r.list.includes("x")',
  '(r) => r.constructor === 1',
  '(r) => r.object.toString === 1',
  '(r) => r.__proto__ === 1',
  '({ hasOwnProperty }) => hasOwnProperty === 1',
  '(r) => r.object === r.list',
  '(r) => r.object === r.object && false',
  '(r) => !(r.object !== r.list)',
  '(r) => !r.s.startsWith("t", 1)',
  '(r) => r.s.trim(fails()) === "x"',
  '(r) => r.list == "x"',
  '(r) => r.object < 1',
  '(r) => r.s === 1n',
  '(r) => /x/.test(r.s)',
  '(r) => r.s === NaN',
  '(r) => `${r.s}` === "x"',
  '(r) => (fails(), r.no)',
  '(r) => (r = { no: true }).no',
  '(r) => r.no = false',
  '(r) => delete r.s && r.no',
  '(r) => r.n in r.object',
  '(r) => r.s === helper',
  '(r) => { if (fails()) return true; return r.no }',
  '(r) => { const x = r.no; return r.no }',
  '(r) => { if (r.s === 1) return true; fails(); return r.no }',
  '(r) => { if (r.s === 1) return false }',
  '(r) => { return }',
  '(r) => { return r.no; function r() {} }',
  '(r) => { if (r.none !== undefined) return r.s; return r.no; let undefined = 1 }',
  '(r) => { if (r.none !== undefined) return r.s; return r.no; class undefined {} }',
  '(r) => { { if (r.s) return r.no; let r } }',
  '(r) => { { return r.no; function r() {} } }',
  '() => false',
  '(r) => false',
  'async (r) => r.no',
  'function* (r) { return r.no }',
  '({ async match(r) { return r.no } }).match',
  '(r = {}) => r.no',
  '(r, x = fails()) => r.no',
  '(r, { x: { y } }) => r.no',
  '({ no = 1 }) => no',
  '({ [fails()]: no }) => no',
  '({ [no]: x }) => x',
  '({ ...r }) => r.no',
  '(...r) => r.no',
  '([r]) => r.no',
  'function (r, r) { return r.no }',
  'function (r, undefined) { return r.none !== undefined }',
  '((r) => r.no).bind(undefined)',
  'new Proxy((r) => r.no, {})',
  'class { constructor(r) { return r.no } }',
  'Boolean',
  '(r) => r.no /* <!-- */ || r.no',
  '(r) => r.nil?.a == null',
  '(r) => r.object != null',
])('denies nothing: %s', (code) => {
  const denial = denialOf(made(code, { fails, helper, no: 's' }))
  expect(denial?.denies(record) ?? false).toBe(false)
  expect(denial?.denies(partAt(record, denial.paths)) ?? false).toBe(false)
})

/** They say so at once: nobody has to read anything for them. */
test.for([
  '(r) => fails() && r.no',
  '(r) => r.s === "x" || helper(r.n)',
  '(r) => r.s ? helper(r.n) : 1',
  '(r) => r.s.split(",").includes("x")',
  '(r) => typeof r.s',
  '(r) => typeof fails()?.a === "x" || r.no',
  '(r) => !(r.s && true) && "x" || helper(r)',
  '(r) => r.list.some((one) => one === r.s)',
  '(_, { values }) => values("host").length > 0',
  '(r) => fails().startsWith(r.s)',
  '(r) => (r.s?.a)[fails()] ?? false',
  '() => false',
  'async (r) => r.no',
  '(r) => { if (r.s) return true; return helper(r) }',
])('nothing can be told of %s', (code) => {
  expect(denialOf(made(code, { fails, helper }))).toBeUndefined()
})

test('data that is no record is not denied', () => {
  for (const code of ['(r) => r.s === 1', '(r) => !r || r.s === 1', "(r) => typeof r === 'object' && r.s === 1"]) {
    const { denies } = denialOf(made(code))!
    for (const data of [undefined, null, 'text', 1, []]) expect(denies(data)).toBe(false)
  }
})

test('long or deep code neither throws nor takes long', () => {
  expect(denialOf(made(`(r) => r.a === '${'x'.repeat(10_000)}'`))).toBeUndefined()
  for (const operator of ['!', '(', '-', 'r.a&&', 'r.a||', 'r.a?r.b:', 'r.a?.b(']) {
    for (const length of [1_000, 9_900, 200_000]) {
      const depth = Math.floor(length / operator.length)
      const end = operator.endsWith('(') ? ')'.repeat(depth) : ''
      const written = () => made(`(r) => ${operator.repeat(depth)}r.a${end}`)
      // Some are too deep for the engine itself.
      let predicate: Predicate
      try {
        predicate = written()
      } catch {
        continue
      }
      const denial = denialOf(predicate)
      for (const a of [true, false, undefined]) expect(denial?.denies({ a, b: a })).toBeOneOf([undefined, true, false])
    }
  }
})

/** Numbers below `below`, the same in each run. */
function chance(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const values = [undefined, null, '', 'ab', 'abc', 'B', 0, 1, 5, true, false, [], ['ab'], [{ k: 'ab' }], {}]
const names = ['a', 'b', 'o', 'p']

function someRecord(below: (n: number) => number, depth = 0): Plain {
  const any = () => (depth < 2 && below(3) === 0 ? someRecord(below, depth + 1) : values[below(values.length)])
  return Object.fromEntries(
    ['a', 'b', 'o', 'p', 'k', 'x.y'].map((key) => [key, any()] as const).filter(([, v]) => v !== undefined),
  )
}

/** Code that stays within what is understood, for the most part. `own`: what it may begin chains with. */
function someCode(below: (n: number) => number, depth: number, own: readonly string[]): string {
  const of = <T>(choices: readonly T[]): T => choices[below(choices.length)]!
  const inner = () => someCode(below, depth - 1, own)
  const place = () => {
    const start = of(own)
    const key = () => of(['?.k', '?.o', '?.k?.b', '?.["x.y"]', '.k', '?.length', '?.constructor', '?.a.k'])
    return of([
      start,
      start,
      `${start}${key()}`,
      `(${start}${key()})`,
      `(${start}${key()})?.k`,
      `${start}${key()}${key()}`,
    ])
  }
  const literal = () => of(["'ab'", "'abc'", "''", '0', '1', '-1', '5', 'true', 'false', 'null', 'undefined', '`ab`'])
  const operator = () => of(['===', '!==', '==', '!=', '<', '<=', '>', '>='])
  const method = () => of(['startsWith', 'endsWith', 'includes'])
  if (depth === 0) return below(3) === 0 ? literal() : place()
  const kinds: readonly (() => string)[] = [
    place,
    () => `${place()} ${operator()} ${literal()}`,
    () => `${place()} ${operator()} ${literal()}`,
    () => `(${inner()}) ${operator()} (${inner()})`,
    () => `typeof (${inner()}) ${of(['===', '!=='])} '${of(['string', 'object', 'undefined', 'number', 'boolean'])}'`,
    () => `!(${inner()})`,
    () => `(${inner()}) && (${inner()})`,
    () => `(${inner()}) && (${inner()})`,
    () => `(${inner()}) || (${inner()})`,
    () => `(${inner()}) ?? (${inner()})`,
    () => `(${inner()}) ? (${inner()}) : (${inner()})`,
    () => `${place()}?.${method()}(${of([literal(), literal(), inner(), 'tick()'])})`,
    () => `${place()}?.${of(['toLowerCase', 'toUpperCase', 'trim', 'charAt', 'at'])}()?.${method()}(${literal()})`,
    () => `(${inner()})?.${of(['k', 'o?.k', 'startsWith("a")', '[tick()]', 'k.o(tick())'])}`,
    () => of(['tick()', 'tick(r)', 'boom()', 'tick']),
  ]
  return of(kinds)()
}

function somePredicate(below: (n: number) => number): string {
  const places = names.map((name) => `r.${name}`)
  const code = (own: readonly string[] = places) => someCode(below, 1 + below(4), own)
  const returned = () => `return ${code()}`
  const first = () =>
    `if (${code()}) ${['return false', returned(), `{ ${returned()} }`, 'tick()', 'tick(); else return false'][below(5)]!};`
  const block = () =>
    `{ ${Array.from({ length: below(4) }, first).join(' ')} ${below(4) === 0 ? 'tick();' : ''} ${returned()} }`
  switch (below(6)) {
    case 0:
      return `(r) => ${block()}`
    case 1:
      return `function (r) ${block()}`
    case 2:
      return `({ match(r, context) ${block()} }).match`
    case 3:
      return `({ ${names.slice(1).join(', ')}, a: z }) => ${code([...names.slice(1), 'z']).replaceAll('tick(r)', 'tick(z)')}`
    default:
      return `(r) => ${code()}`
  }
}

test('whatever is denied, the predicate answers false to, and does nothing else', () => {
  const below = chance(20)
  const records = Array.from({ length: 60 }, () => someRecord(below))
  const faults: unknown[] = []
  const counts = { understood: 0, denied: 0 }
  for (let n = 0; n < 400; n++) {
    let effects = 0
    const tick = () => ++effects % 2 === 0
    const boom = () => {
      effects++
      throw new Error('called')
    }
    const code = somePredicate(below)
    const predicate = made(code, { tick, boom })
    const denial = denialOf(predicate)
    if (denial) counts.understood++
    for (const data of records) {
      const denied = denial?.denies(data) ?? false
      // Whoever has a part alone knows as much.
      const inPart = denial?.denies(partAt(data, denial.paths)) ?? false
      effects = 0
      const answer = answerOf(predicate, data)
      const isDue = answer === false && effects === 0
      if ((denied && !isDue) || inPart !== denied) faults.push({ code, data, denied, inPart, answer, effects })
      if (denied) counts.denied++
    }
  }
  expect(faults.slice(0, 3)).toEqual([])
  expect(counts.understood).toBeGreaterThan(130)
  expect(counts.denied).toBeGreaterThan(1_000)
})

function answerOf(predicate: Predicate, data: unknown): unknown {
  try {
    return predicate(data as never, {} as never)
  } catch {
    return 'threw'
  }
}

test('paths lead to what is read', () => {
  const { paths } = denialOf(made('(r) => r["x.y"]?.["7"] === 1'))!
  const [first, second] = paths.map(stepsOf)
  expect([first, second]).toEqual([['x.y'], ['x.y', '7']])
  expect(own(own({ 'x.y': { 7: 2 } }, 'x.y'), '7')).toBe(2)
})
