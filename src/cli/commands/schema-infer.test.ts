import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { projectFolder } from '../../testing/project-folder.ts'
import { createCli } from '../cli.ts'
import { command } from '../fixture.ts'
import { inferSchema } from './schema-infer.ts'

const lines = (...all: readonly unknown[]) =>
  `${all.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join('\n')}\n`

/** File → samples of the formats a user may bring, some fields absent or null here and there. */
const samples: Readonly<Record<string, string | Uint8Array>> = {
  'app.jsonl': lines(
    {
      eventTime: '2026-03-01T10:00:00Z',
      user: { name: 'ann', id: 7 },
      sourceIp: '192.0.2.1',
      ok: true,
      tags: ['a'],
      ratio: 0.5,
    },
    {
      eventTime: '2026-03-01T10:00:01Z',
      user: { name: 'bob', id: null },
      sourceIp: '192.0.2.2',
      ok: false,
      tags: [],
      ratio: 1,
    },
    {
      eventTime: '2026-03-01T10:00:02Z',
      user: null,
      sourceIp: '2001:db8::1',
      ok: true,
      'odd key': 1,
      list: [{ x: 1 }, { x: 2, y: 'z' }],
    },
  ),
  'delivery.json.gz': gzipSync(
    JSON.stringify({
      Records: [
        { eventName: 'A', at: '2026-03-01T10:00:00Z' },
        { eventName: 'B', at: '2026-03-01T10:00:00Z', more: {} },
      ],
    }),
  ),
  'pretty.json': `${JSON.stringify([{ a: 1 }, { a: 2, b: 'x' }], null, 2)}\n`,
  'table.csv': lines(
    'time,user,src_ip,count',
    '2026-03-01 10:00:00,ann,192.0.2.1,1',
    '2026-03-01 10:00:01,"b, c",192.0.2.2,',
  ),
  'semi.csv': lines('time;user', '2026-03-01 10:00:00;ann'),
  'pairs.log': lines(
    'ts=2026-03-01T10:00:00Z user=ann count=3 msg="hello there"',
    'ts=2026-03-01T10:00:01Z user=bob count=4',
  ),
  'auth.log': lines('Mar  1 10:00:00 web-1 sshd[7]: Accepted password for ann', 'Mar 11 10:00:00 web-1 cron: hello'),
  'fw.log': lines('CEF:0|Vendor|Product|1.0|100|Something|5|src=192.0.2.1 dst=198.51.100.2 msg=hello there'),
}

it('infers schemas that compile and take their samples', async () => {
  const names = Object.keys(samples)
  const type = (file: string) => `mine:type${names.indexOf(file)}`
  const sources = names.map(
    (file) => `    ${file.replaceAll('.', '-')}: { paths: ['logs/${file}'], schemas: ['${type(file)}'] }\n`,
  )
  const dir = projectFolder({
    'streamalert.yaml': `terminal: false\nworkers: { count: 1 }\nsources:\n  file:\n${sources.join('')}`,
    'schemas/.keep': '',
    ...Object.fromEntries(Object.entries(samples).map(([name, text]) => [`logs/${name}`, text])),
  })
  let said = ''
  const stderr = { write: (text: string) => (said += text) }
  const cli = createCli({ project: dir }, { stdout: stderr, stderr })
  for (const file of names) {
    // 1: a table's header is a line without a record.
    expect([0, 1], `${file}: ${said}`).toContain(await inferSchema(cli, join(dir, 'logs', file), { name: type(file) }))
    expect(existsSync(join(dir, 'schemas', `${type(file).replace(':', '-')}.ts`))).toBe(true)
  }
  expect(await command(['validate', '--project', dir])).toMatchObject({ code: 0 })
  await command(['run', '--once', '--project', dir])
  const { lines: found } = await command(['status', '--json', '--project', dir])
  const { records, quarantined } = found[0] as Record<'records' | 'quarantined', { schema: string; count: number }[]>
  expect(quarantined).toEqual([])
  expect(records.map(({ schema }) => schema).toSorted()).toEqual(names.map(type).toSorted())
}, 120_000)

it('says so when nothing reads the file', async () => {
  const dir = projectFolder({
    'prose.txt': 'Once upon a time there was a log.\nIt had no form at all, and nobody minded.\n',
  })
  expect(await command(['schema', 'infer', join(dir, 'prose.txt')])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('No parser reads'),
  })
})
