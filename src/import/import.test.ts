import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { defineSchema } from '../core/schema.ts'
import { outputs } from '../outputs/index.ts'
import { json } from '../parsers/index.ts'
import { type OldFiles, imports } from './fixture.ts'

const schema = (fields: object, configuration: object = {}) => ({ parser: 'json', schema: fields, configuration })
const doors = {
  'doors:opened': schema({ door: 'string', by: 'string' }),
  'doors:alarm': schema({ door: 'string', level: 'integer' }),
}
const cluster = (sources: object, more: object = {}) => ({
  id: 'north',
  classifier_config: {},
  data_sources: sources,
  ...more,
})
const event = (more: object) => ({
  description: 'An event.',
  log: 'doors:opened',
  service: 's3',
  source: 'door.logs',
  ...more,
})
const opened = { door: 'front', by: 'mona' }
const small: OldFiles = {
  'conf/schemas/doors.json': doors,
  'conf/clusters/north.json': cluster({ s3: { 'door.logs': ['doors'] } }),
}

const entriesOf = (files: OldFiles, what: string) =>
  imports(files)
    .entries.filter((entry) => entry.what === what)
    .map(({ name, result, notes }) => ({ name, result, notes }))
const problemsOf = (files: OldFiles) =>
  imports(files).problems.map(
    ({ code, place, message }) => `${place.file}:${place.line}:${place.column} ${code} ${message}`,
  )

test('a source has the log types it named, and the folder with its test events', () => {
  const { files, entries } = imports({ ...small, 'rules/a.json': [event({ data: opened })] })
  expect(files.get('streamalert.yaml')).toContain(`
clusters:
  north: {}
`)
  expect(files.get('streamalert.yaml')).toContain(`
    # s3 door.logs
    door-logs:
      cluster: north
      schemas: [doors]
      paths: ['import/s3/door-logs/**']
      follow: false

`)
  expect(files.get('import/s3/door-logs/a.json')).toBe('{"door":"front","by":"mona"}\n')
  expect(entries.find(({ what }) => what === 's3 source')).toMatchObject({
    name: 'door.logs',
    from: { file: 'conf/clusters/north.json', line: 1 },
    to: 'streamalert.yaml: file:door-logs',
  })
})

test('a source without test events is not read', () => {
  expect(imports(small).files.get('streamalert.yaml')).toContain('      follow: false\n      enabled: false\n')
})

test('built-in log types of the group that were not there before are no candidates', () => {
  const builtIn = [defineSchema({ name: 'doors:window', description: 'x', parse: json(), fields: { door: 'string' } })]
  const yaml = imports(small, builtIn).files.get('streamalert.yaml')
  expect(yaml).toContain("schemas: ['doors:opened', 'doors:alarm']")
})

test('a name of one type used to match nothing; one without a schema is left out, or built in', () => {
  const builtIn = [defineSchema({ name: 'gates:all', description: 'x', parse: json(), fields: {} })]
  const files = {
    ...small,
    'conf/clusters/north.json': cluster({ kinesis: { a: ['doors:alarm', 'gates', 'walls'], b: ['walls'] } }),
  }
  const { entries, files: written } = imports(files, builtIn)
  expect(entries.filter(({ what }) => what === 'kinesis source')).toMatchObject([
    {
      name: 'a',
      result: 'changed',
      notes: [
        '`doors:alarm` names one type of a vendor, which matched nothing; now it is read',
        '`gates` has no schema in conf; the built-in ones are used',
        '`walls` has no schema, and is left out',
        expect.stringContaining('files in `import/kinesis/a`'),
      ],
    },
    { name: 'b', result: 'not-convertible' },
  ])
  expect(written.get('streamalert.yaml')).toContain("schemas: ['doors:alarm', gates]")
})

test('a schema in place of a built-in one takes over what that knows of its fields, where they fit', () => {
  const builtIn = [
    defineSchema({
      name: 'doors:opened',
      description: 'x',
      parse: json(),
      fields: {},
      time: 'when.at',
      sensitive: ['by', 'pin'],
      normalise: { user: ['by', 'whom'], site: 'envelope.site', host: { path: 'by', when: { path: 'pin', is: '1' } } },
    }),
  ]
  const of = (fields: object, configuration: object = {}) =>
    imports({ 'conf/schemas/doors.json': { 'doors:opened': schema(fields, configuration) } }, builtIn)
  const fits = of({ by: 'string', when: {}, timestamp: 'integer' })
  const text = fits.files.get('schemas/doors.ts')
  expect(text).toContain("time: 'when.at'")
  expect(text).toContain("sensitive: ['by']")
  expect(text).toContain("normalise: { user: 'by' }")
  expect(fits.entries[0]).toMatchObject({ result: 'converted', notes: ['it stands in place of the built-in one'] })
  const own = of({ by: 'string', Event_Time: 'integer' }, { normalization: { user: ['Event_Time'] } })
  expect(own.files.get('schemas/doors.ts')).toContain("time: 'Event_Time'")
  expect(own.files.get('schemas/doors.ts')).toContain("normalise: { user: 'Event_Time' }")
})

test('a schema refuses further fields only where nothing else tells it from another of its source', () => {
  const old = {
    'a:plain': schema({ id: 'string', from: 'string' }, { optional_top_level_keys: ['from'] }),
    'a:wide': schema({ id: 'string', to: 'string' }, { optional_top_level_keys: ['to'] }),
    'b:whole': schema({ host: 'string' }, { priority: 0 }),
    'b:list': schema({ x: 'string' }, { json_path: 'list[*]', envelope_keys: { host: 'string' } }),
    'c:red': schema({ id: 'string', kind: 'string' }, { log_patterns: { kind: 'red' } }),
    'c:blue': schema(
      { id: 'string', kind: 'string', more: 'string' },
      { log_patterns: { kind: 'blue' }, optional_top_level_keys: ['more'] },
    ),
    'd:less': schema({ id: 'string' }),
    'd:more': schema({ id: 'string', more: 'string' }),
  }
  const { files } = imports({ 'conf/schemas/x.json': old })
  const strict = [...files].flatMap(([file, text]) =>
    file.startsWith('schemas/')
      ? text
          .split('\nexport ')
          .filter((one) => one.includes("extraFields: 'reject'"))
          .map((one) => /name: '(.*)'/.exec(one)![1])
      : [],
  )
  expect(strict).toEqual(['a:plain', 'b:whole'])
})

test('test events must be classified as the log type they name, among all of their source', () => {
  const { entries, files } = imports({
    ...small,
    'rules/a.json': [
      event({ description: 'right', data: opened }),
      event({ description: 'text', data: JSON.stringify(opened) }),
      event({ description: 'wrong', data: { door: 'x', level: 1 } }),
      event({ description: 'none', data: { x: 1 } }),
      event({ description: 'filled', override_record: { by: 'mona' } }),
      event({ description: 'nowhere', source: 'other', data: opened }),
      event({ description: 'soon', data: { door: '<helper:last_hour>', by: '' } }),
    ],
  })
  expect(entries.filter(({ what }) => what === 'test event')).toMatchObject([
    { name: 'right', result: 'converted', to: 'import/s3/door-logs/a.json' },
    { name: 'text', result: 'converted', to: 'import/s3/door-logs/a-2.log' },
    { name: 'wrong', result: 'not-convertible', notes: ['it is classified as doors:alarm, not doors:opened'] },
    {
      name: 'none',
      result: 'not-convertible',
      notes: [expect.stringContaining('it is not classified as doors:opened: ')],
    },
    { name: 'filled', result: 'converted' },
    { name: 'nowhere', result: 'changed', notes: ['no cluster has the s3 source `other`'] },
    { name: 'soon', result: 'converted' },
  ])
  expect(files.get('import/s3/door-logs/a-5.json')).toBe('{"door":"","by":"mona"}\n')
  expect(files.get('import/s3/door-logs/a-6.json')).toBe(`{"door":"${Date.UTC(2026, 2, 1) / 1000 - 60}","by":""}\n`)
  expect(files.get('IMPORT.md')).toContain('among all of their source: 5 of 7.')
})

test('rules are listed by code and by events, with the events that describe them as tests', () => {
  const fixtures = {
    lookup_tables: { badges: { mona: 7 } },
    threat_intel: [{ ioc_value: '192.0.2.7', ioc_type: 'ip' }],
  }
  const { entries, files } = imports({
    ...small,
    'rules/doors/__init__.py': '',
    'rules/doors/helpers.py': 'def night(record):\n    return True\n',
    'rules/doors/door.py': [
      'from streamalert.shared.rule import rule, disable',
      '',
      '@rule(',
      "    logs=['doors:opened'],",
      "    outputs=['slack:doors']",
      ')',
      'def door_left_open(record):',
      '    return True',
      '',
      '@disable',
      "@rule(logs=['doors:opened'])",
      'def silent_rule(record):',
      '    return True',
      '',
      'def helper():',
      '    pass',
    ].join('\n'),
    'rules/doors/door_left_open.json': [
      event({
        description: 'It is open.',
        data: opened,
        trigger_rules: ['door_left_open', 'only_named'],
        publisher_tests: {},
      }),
      event({ description: 'It is shut.', data: opened, trigger_rules: [], test_fixtures: fixtures }),
      event({ description: 'Only a log type.', data: opened, classify_only: true }),
    ],
  })
  expect(entries.filter(({ what }) => what === 'rule')).toMatchObject([
    {
      name: 'door_left_open',
      result: 'not-convertible',
      from: { file: 'rules/doors/door.py', line: 7 },
      to: 'import/rules/door-left-open.test.json',
      library: 'doors/door-left-open',
      notes: [
        'the library has it: add `doors/door-left-open` to `library`',
        'its `publisher_tests` are not converted',
        'its tests bring lookup tables: the rule must declare them',
      ],
      events: [
        { description: 'It is open.', alerts: true, file: 'import/s3/door-logs/door_left_open.json' },
        { description: 'It is shut.', alerts: false, file: 'import/s3/door-logs/door_left_open-2.json' },
      ],
    },
    { name: 'only_named', from: { file: 'rules/doors/door_left_open.json', line: 1 } },
    { name: 'silent_rule', notes: ['it is Python: write it anew', 'it was disabled'], events: [] },
  ])
  expect(entries.filter(({ what }) => what === 'Python module')).toMatchObject([{ name: 'rules/doors/helpers.py' }])
  expect(JSON.parse(files.get('import/rules/door-left-open.test.json')!)).toEqual([
    { name: 'It is open.', text: JSON.stringify(opened), alerts: true },
    {
      name: 'It is shut.',
      text: JSON.stringify(opened),
      alerts: false,
      lookups: { badges: { mona: 7 }, 'threat-intel': { '192.0.2.7': { ioc_type: 'ip' } } },
    },
  ])
  expect(files.get('streamalert.yaml')).toContain("# library:\n#   - 'doors/door-left-open'\n")
})

test('rules lie where global.json says', () => {
  const files = { ...small, 'conf/global.json': { general: { rule_locations: ['./mine/', 'mine/deep'] } } }
  const at = (file: string) => entriesOf({ ...files, [file]: [event({ data: opened })] }, 'test event').length
  expect([at('rules/a.json'), at('mine/a.json'), at('mine/deep/a.json')]).toEqual([0, 1, 1])
})

test('outputs become comments, each on one line', () => {
  const old = { slack: ['doors\n- evil'], 'aws-sns': { topic: 'arn:x' }, webhook: ['w'] }
  const { files, entries } = imports({ 'conf/outputs.json': old })
  expect(files.get('streamalert.yaml')).toContain(
    '  # slack:\n  #   "doors\\n- evil":\n  #     url: secret:SLACK_DOORS_EVIL_URL # as before\n  # aws-sns:\n  #   topic:\n  #     topic: "arn:x"\n',
  )
  expect(entries).toMatchObject([
    { name: 'slack:doors\n- evil', notes: ['there are no outputs of the kind slack'] },
    { name: 'aws-sns:topic', result: 'not-convertible' },
    { name: 'webhook:w', notes: [expect.stringContaining('fill in its options')] },
  ])
})

test('each of the 21 outputs becomes one that works once its values are filled in', async () => {
  const old = {
    ...Object.fromEntries(
      ['aws-firehose', 'aws-lambda', 'aws-s3', 'aws-sns', 'aws-sqs'].map((kind) => [kind, { x: 'name' }]),
    ),
    ...Object.fromEntries(
      'aws-cloudwatch-log aws-lambda-v2 aws-ses carbonblack demisto github jira jira-v2 komand pagerduty pagerduty-v2 pagerduty-incident phantom slack teams victorops'
        .split(' ')
        .map((kind) => [kind, ['x']]),
    ),
  }
  expect(Object.keys(old)).toHaveLength(21)
  const { files, entries } = imports({ 'conf/outputs.json': old })
  const yaml = files.get('streamalert.yaml')!
  const commented = yaml.split('\n').filter((line) => /^ {2}# +?[\w-]+:/.test(line))
  const configured = parse(commented.map((line) => line.replace('  # ', '')).join('\n')) as Record<string, object>
  const wrong: string[] = []
  for (const [kind, named] of Object.entries(configured)) {
    const { config } = await outputs[kind]!()
    for (const [name, options] of Object.entries(named)) {
      const { error } = config.safeParse(options)
      if (error) wrong.push(`${kind}:${name}: ${error.message}`)
    }
  }
  expect(wrong).toEqual([])
  expect(Object.keys(configured)).toHaveLength(19)
  expect(configured).toMatchObject({
    jira: { x: { token: 'secret:JIRA_X_TOKEN' }, 'x-v2': { token: 'secret:JIRA_X_V2_TOKEN' } },
    'aws-lambda': { x: { function: 'name', payload: 'record' }, 'x-v2': { payload: 'record' } },
  })
  expect(entries.find(({ name }) => name === 'jira-v2:x')?.notes[0]).toContain('no outputs of the kind jira-v2')
})

test('every other setting is told by name', () => {
  const { entries } = imports({
    'conf/clusters/n.json': cluster({}, { modules: { kinesis: {}, streamalert_apps: {} }, enable_threat_intel: true }),
    'conf/global.json': { account: {}, infrastructure: {} },
    'conf/lambda.json': { alert_merger_config: {} },
    'conf/lookup_tables.json': {
      tables: { 'bad doors': { driver: 's3', bucket: 'b', key: 'k.json' }, keys: { driver: 'dynamodb', table: 't' } },
    },
    'conf/scheduled_queries.json': { packs: { hourly: {} } },
    'conf/threat_intel.json': { normalized_ioc_types: { ip: [] }, excluded_iocs: { ip: {} } },
    'conf/extra.json': {},
  })
  expect(
    entries.filter(({ what }) => what !== 'cluster').map(({ what, name, result }) => `${what} ${name} ${result}`),
  ).toEqual(
    [
      'cluster module north: kinesis',
      'cluster module north: streamalert_apps',
      'setting north: enable_threat_intel',
      'global setting account',
      'global setting infrastructure',
      'Lambda setting alert_merger_config',
      'scheduled queries hourly',
      'lookup table bad doors',
      'lookup table keys',
      'threat intelligence ip',
      'threat intelligence exclusion ip',
      'file conf/extra.json',
    ].map((line) => `${line} not-convertible`),
  )
  expect(entries.find(({ name }) => name === 'bad doors')!.notes).toEqual([
    'put what s3://b/k.json holds into `lookups/bad-doors.json`, where rules find it',
  ])
})

test('faults are told all at once, each with its place, and cost only what they concern', () => {
  const files: OldFiles = {
    ...small,
    'conf/schemas/again.json': { 'doors:opened': schema({ x: 'string' }) },
    'conf/schemas/broken.json': '{\n  "a": {,\n}',
    'conf/schemas/list.json': [],
    'conf/schemas/odd.json':
      '{\n  "o:a": { "parser": "xml", "schema": {} },\n  "o:b": { "parser": "json" },\n  "o:c": { "parser": "kv", "schema": { "x": "string" } }\n}',
    'conf/clusters/n.json': cluster({ s3: { 'door.logs': ['doors'], bad: [] } }),
    'conf/clusters/m.json': { id: 'm' },
    'conf/outputs.json': { slack: 7, teams: ['a'] },
    'rules/a.json': [event({ data: opened }), event({}), event({ data: [1] })],
    'rules/b.json': {},
    'rules/c.json': 'no',
  }
  expect(problemsOf(files)).toEqual([
    expect.stringMatching(/^conf\/clusters\/m\.json:1:\d+ IMPORT_INVALID data_sources is missing/),
    expect.stringMatching(/^conf\/clusters\/n\.json:1:\d+ IMPORT_INVALID data_sources\.s3\.bad .*names no log type/),
    expect.stringMatching(/^conf\/outputs\.json:1:\d+ IMPORT_INVALID slack /),
    expect.stringMatching(/^conf\/schemas\/broken\.json:2:9 IMPORT_INVALID It is not valid JSON/),
    expect.stringMatching(
      /^conf\/schemas\/doors\.json:1:2 IMPORT_INVALID The log type "doors:opened" is already declared in conf\/schemas\/again\.json:1/,
    ),
    expect.stringMatching(/^conf\/schemas\/list\.json:1:1 IMPORT_INVALID /),
    expect.stringMatching(
      /^conf\/schemas\/odd\.json:2:22 IMPORT_INVALID o:a\.parser is "xml", which is none of json, csv, kv, syslog/,
    ),
    expect.stringMatching(/^conf\/schemas\/odd\.json:3:3 IMPORT_INVALID o:b\.schema is missing/),
    expect.stringMatching(/^rules\/a\.json:1:\d+ IMPORT_INVALID .*exactly one of data and override_record/),
    expect.stringMatching(/^rules\/a\.json:1:\d+ IMPORT_INVALID \[2\]\.data is a list, not a mapping/),
    expect.stringMatching(/^rules\/b\.json:1:undefined IMPORT_INVALID It is not a list of test events/),
    expect.stringMatching(/^rules\/c\.json:1:\d+ IMPORT_INVALID It is not valid JSON/),
  ])
  const { entries } = imports(files)
  expect(entries.filter(({ what }) => /schema|source|output|test event/.test(what)).map(({ name }) => name)).toEqual(
    expect.arrayContaining(['doors:opened', 'doors:alarm', 'o:c', 'door.logs', 'teams:a', 'An event.']),
  )
})

test('conf/logs.json stands for all schemas', () => {
  const files = { ...small, 'conf/logs.json': { old: schema({ x: 'string' }) } }
  expect(entriesOf(files, 'schema').map(({ name }) => name)).toEqual(['old'])
})

test('names from outside lead nowhere else', () => {
  const { files } = imports({
    'conf/schemas/x.json': JSON.stringify({
      '../../etc:a': schema({ ['__proto__']: 'string', "a'b": 'string' }),
      class: schema({}),
      json: schema({}),
      'x.test': schema({}),
    }),
    'conf/clusters/c.json': cluster({ '../s3': { '../../up': ['class'] } }, { id: '../true' }),
    'rules/a.json': [
      event({ log: 'class', service: '../s3', source: '../../up', data: {}, trigger_rules: ['../../../evil'] }),
    ],
  })
  expect([...files.keys()].toSorted()).toEqual([
    'IMPORT.md',
    'import/rules/evil.test.json',
    'import/s3/up/a.json',
    'schemas/class.ts',
    'schemas/etc.ts',
    'schemas/json.ts',
    'schemas/x-test.ts',
    'streamalert.yaml',
  ])
  expect(files.get('streamalert.yaml')).toContain("  'true': {}\n")
  expect(files.get('schemas/class.ts')).toContain('export const classLog = ')
  expect(files.get('schemas/json.ts')).toContain('export const jsonLog = ')
})
