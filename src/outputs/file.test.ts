import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  mkdirSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { publish } from '../core/publish.ts'
import { createOutputHost } from '../testing/output-host.ts'
import { messageOf, sampleAlert } from '../testing/sample-alert.ts'
import file from './file.ts'

let projectDir: string
beforeEach(() => {
  projectDir = mkdtempSync(join(tmpdir(), 'streamalert-file-'))
})
afterEach(() => rmSync(projectDir, { recursive: true }))

const signal = new AbortController().signal
const alertNamed = (id: string) => ({ ...sampleAlert, id })
const messageNamed = (id: string) => messageOf(alertNamed(id))
const textOf = (path = 'alerts.jsonl') => readFileSync(join(projectDir, path), 'utf8')
const idsIn = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).id as string)

function createFile(path = 'alerts.jsonl') {
  return file.create({ path }, createOutputHost({ name: 'file:alerts', projectDir }))
}

test('appends one line of JSON for each alert, for its owner only', async () => {
  const output = createFile('made/for/it/alerts.jsonl')
  await output.send(messageNamed('a1'), signal)
  await output.send(messageNamed('a2'), signal)
  await output.close?.()
  const text = textOf('made/for/it/alerts.jsonl')
  expect(
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual([publish(alertNamed('a1')), publish(alertNamed('a2'))])
  expect(statSync(join(projectDir, 'made/for/it/alerts.jsonl')).mode & 0o777).toBe(0o600)
})

test('goes on after what is there', async () => {
  for (const id of ['a1', 'a2', 'a3']) {
    const output = createFile()
    await output.send(messageNamed(id), signal)
    await output.close?.()
  }
  expect(idsIn(textOf())).toEqual(['a1', 'a2', 'a3'])
})

test('a line that was cut off is ended before the next', async () => {
  writeFileSync(join(projectDir, 'alerts.jsonl'), '{"id":"a0"}\n{"id":"to')
  const output = createFile()
  await output.send(messageNamed('a1'), signal)
  await output.send(messageNamed('a2'), signal)
  await output.close?.()
  const [first, torn, ...rest] = textOf().split('\n')
  expect([first, torn]).toEqual(['{"id":"a0"}', '{"id":"to'])
  expect(idsIn(rest.join('\n'))).toEqual(['a1', 'a2'])
})

test('a file that was moved away or deleted is begun anew', async () => {
  const output = createFile()
  const path = join(projectDir, 'alerts.jsonl')
  await output.send(messageNamed('a1'), signal)
  renameSync(path, `${path}.1`)
  await output.send(messageNamed('a2'), signal)
  rmSync(path)
  await output.send(messageNamed('a3'), signal)
  await output.close?.()
  expect(idsIn(textOf('alerts.jsonl.1'))).toEqual(['a1'])
  expect(idsIn(textOf())).toEqual(['a3'])
})

test('shares the file with others that append', async () => {
  const output = createFile()
  await output.send(messageNamed('a1'), signal)
  appendFileSync(join(projectDir, 'alerts.jsonl'), '{"id":"other"}\n')
  await output.send(messageNamed('a2'), signal)
  await output.close?.()
  expect(idsIn(textOf())).toEqual(['a1', 'other', 'a2'])
})

test('a path that cannot be a file waits for a person', async () => {
  mkdirSync(join(projectDir, 'folder'))
  writeFileSync(join(projectDir, 'plain'), '')
  const expected = { code: 'OUTPUT_MISCONFIGURED', retry: 'never' }
  await expect(createFile('folder').send(messageOf(sampleAlert), signal)).rejects.toMatchObject(expected)
  await expect(createFile('plain/alerts.jsonl').send(messageOf(sampleAlert), signal)).rejects.toMatchObject(expected)
})

test('a full disk is tried again, and nothing is written to a torn line', async () => {
  const output = createFile('/dev/full')
  await expect(output.send(messageOf(sampleAlert), signal)).rejects.toMatchObject({
    code: 'OUTPUT_UNAVAILABLE',
    retry: 'later',
  })
  await output.close?.()
})
