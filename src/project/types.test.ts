import { expect, test } from 'vitest'
import { projectFolder } from '../testing/project-folder.ts'
import { loadProject } from './load.ts'
import { checkTypes, parseDiagnostics } from './types.ts'

/** Starts processes or threads: on a busy machine that takes its time. */
const slow = { timeout: 120_000 }

test('what the compiler prints, as problems with places', () => {
  const output = `rules/a.ts(8,29): error TS2551: Property 'x' does not exist.\n  It is long.\nerror TS5083: Cannot read file.\n`
  expect(parseDiagnostics(output, '/p').map(({ code, message, place }) => ({ code, message, place }))).toEqual([
    {
      code: 'TYPE_ERROR',
      message: "TS2551: Property 'x' does not exist.\n  It is long.",
      place: { file: 'rules/a.ts', line: 8, column: 29 },
    },
    { code: 'TYPE_ERROR', message: 'TS5083: Cannot read file.', place: {} },
  ])
})

test('a folder that cannot be written is said', async () => {
  const dir = projectFolder({ 'streamalert.yaml': 'storage: { path: file }', file: '', 'rules/a.ts': '' })
  await expect(checkTypes(await loadProject(dir))).rejects.toMatchObject({
    code: 'STORE_FAILED',
    place: { file: 'file' },
  })
})

const rule = (name: string, match: string) => `import { defineRule } from 'streamalert'
import { cloudtrailEvents } from 'streamalert/schemas'
export default defineRule({
  name: '${name}', description: 'x', severity: 'low', schemas: [cloudtrailEvents],
  match: (record) => ${match},
})
`

test(
  'a misspelt field of a record is a problem, also beside a file with broken syntax; package.json does not matter',
  slow,
  async () => {
    const dir = projectFolder({
      'streamalert.yaml': '',
      'package.json': '{"type":"commonjs"}',
      'rules/good.ts': rule('good', "record.eventName === 'x'"),
      'rules/misspelt.ts': rule('misspelt', "record.evntName === 'x'"),
      'rules/broken.ts': 'export default (',
    })
    const found = await checkTypes(await loadProject(dir))
    expect(found.map(({ code, place: { file, line } }) => `${file}:${line} ${code}`)).toEqual([
      'rules/broken.ts:1 TYPE_ERROR',
      'rules/misspelt.ts:5 TYPE_ERROR',
    ])
    expect(found.at(-1)?.message).toMatch(/evntName.*Did you mean 'eventName'/)
  },
)
