import { expect, test } from 'vitest'
import { libraryHome } from '../project/index.ts'
import { projectFolder } from '../testing/project-folder.ts'
import { command } from './fixture.ts'

/** Starts threads: on a busy machine that takes its time. */
const slow = { timeout: 120_000 }

test('in the folder of this package, which is no project, the rules of the library are tested', slow, async () => {
  const { code, lines } = await command(['test', '--json', 'public-ami', '--project', libraryHome])
  expect(code).toBe(0)
  expect(lines[0]).toMatchObject({ rule: 'public-ami', ok: true })
  expect(lines.at(-1)).toEqual({ passed: lines.length - 1, failed: 0 })
})

test('a project that runs the whole library is valid, and is not asked for tests of it', slow, async () => {
  const yaml = "library: ['*']\noutputs: { file: { all: { path: a.jsonl } } }\ndefaults: { outputs: ['file:all'] }\n"
  const cwd = projectFolder({ 'streamalert.yaml': yaml })
  expect(await command(['validate', '--json', '--project', cwd])).toMatchObject({ code: 0, stdout: '' })
  expect((await command(['test', '--json', '--project', cwd])).lines).toEqual([{ passed: 0, failed: 0 }])
})
