import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectFolder } from '../../testing/project-folder.ts'
import { command, streamalert } from '../fixture.ts'

const slow = { timeout: 120_000 }

const conf = {
  'conf/schemas/acme.json': {
    'acme:doors': {
      parser: 'json',
      schema: {
        door: 'string',
        open: 'boolean',
        who: { name: 'string', 'badge id': 'integer' },
        tags: [],
        extra: {},
        at: 'string',
      },
      configuration: {
        json_path: 'events[*]',
        envelope_keys: { site: 'string', floor: 'integer' },
        optional_envelope_keys: ['floor'],
        optional_top_level_keys: ['who', 'tags', 'at'],
        log_patterns: { door: ['f*', "o'clock"], 'streamalert:envelope_keys': { site: '?orth' } },
        priority: 0,
        normalization: {
          user: ['who', 'name'],
          door: [
            {
              path: ['door'],
              function: 'Door',
              condition: { path: ['streamalert:envelope_keys', 'site'], not_in: ['south'] },
            },
          ],
        },
      },
    },
    'acme:gate': {
      parser: 'csv',
      schema: { gate: 'string', at: 'integer', who: { a: 'string', b: 'string' } },
      configuration: { quotechar: "'", escapechar: '\\' },
    },
    'acme:lift': { parser: 'kv', schema: { lift: 'string', level: 'integer' }, configuration: { delimiter: ';' } },
    'acme:host': {
      parser: 'syslog',
      schema: { timestamp: 'string', host: 'string', application: 'string', message: 'string' },
    },
    // Its name is that of a built-in log type, and is a word of JavaScript.
    sshd: { parser: 'json', schema: { class: 'string', default: {} } },
    default: { parser: 'json', schema: { __proto__x: 'string' }, configuration: { json_regex_key: 'message' } },
  },
  'conf/clusters/north.json': {
    id: 'north',
    data_sources: { kinesis: { stream: ['acme', 'sshd'] }, s3: { 'a.bucket': ['default'] } },
  },
  'conf/outputs.json': { slack: ['doors'] },
}
const doors = {
  description: 'Open at the front.',
  log: 'acme:doors',
  service: 'kinesis',
  source: 'stream',
  trigger_rules: ['door_open'],
}
const events = [
  { ...doors, data: { site: 'north', events: [{ door: 'front', open: true, extra: null }] } },
  { ...doors, description: 'A gate.', log: 'acme:gate', data: "'x',7,'a,b'", trigger_rules: [] },
]
const folder = (files: object) =>
  projectFolder(
    Object.fromEntries(Object.entries(files).map(([path, value]) => [path, JSON.stringify(value, null, 2)])),
  )

test('the project that comes out validates, and reads its test events', slow, async () => {
  const out = join(folder({}), 'new')
  const done = await command(['import', folder({ ...conf, 'rules/doors.json': events }), '--project', out])
  expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining('2 of 2 test events') })
  expect(await command(['validate', '--project', out])).toMatchObject({
    code: 0,
    stdout: 'In place of the built-in schemas of the same names: sshd (schemas/sshd.ts).\nNo problems found.\n',
  })
  const file = join(out, 'import/kinesis/stream/doors.json')
  const { lines } = await command(['classify', file, '--project', out, '--json'])
  expect(lines).toMatchObject([
    { schema: 'acme:doors', record: { door: 'front' }, envelope: { site: 'north' }, normalised: { door: ['front'] } },
  ])
  const run = await streamalert(['run', '--once', '--project', out])
  expect(run).toMatchObject({ code: 0, stdout: expect.stringMatching(/^reading[^]*acme:doors +1\n/) })
})

test('--json: an entry for each thing, then the summary; faults end with 1 and cost nothing else', slow, async () => {
  const out = folder({})
  const broken = {
    ...conf,
    'conf/schemas/bad.json': { 'bad:one': { parser: 'xml', schema: {} } },
    'rules/doors.json': events,
  }
  const { code, lines } = await command(['import', folder(broken), '--project', out, '--json'])
  expect(code).toBe(1)
  expect(lines.find(({ what, name }) => what === 'schema' && name === 'acme:gate')).toEqual({
    what: 'schema',
    name: 'acme:gate',
    result: 'converted',
    from: { file: 'conf/schemas/acme.json', line: expect.any(Number), column: 3 },
    to: 'schemas/acme.ts',
    notes: [],
  })
  expect(lines.at(-2)).toMatchObject({ code: 'IMPORT_INVALID', file: 'conf/schemas/bad.json', line: 3, column: 15 })
  expect(lines.at(-1)).toMatchObject({ problems: 1, events: { right: 2, all: 2 } })
  expect(readFileSync(join(out, 'IMPORT.md'), 'utf8')).toContain('bad:one.parser is "xml"')
})

test('nothing is written over a project, nor from a folder without conf', slow, async () => {
  const out = folder({ 'streamalert.yaml': {} })
  expect(await command(['import', folder(conf), '--project', out])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('PROJECT_EXISTS'),
  })
  expect(existsSync(join(out, 'schemas'))).toBe(false)
  expect(await command(['import', folder({}), '--project', folder({})])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('There is no folder "conf"'),
  })
})
