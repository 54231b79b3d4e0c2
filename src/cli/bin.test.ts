import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { projectFolder } from '../testing/project-folder.ts'

/** Starts processes or threads: on a busy machine that takes its time. */
const slow = { timeout: 120_000 }

const bin = fileURLToPath(new URL('../../bin/streamalert.js', import.meta.url))

/** A Node below 24, where the machine has one; and the one that npm installs. Without both there is nothing to test. */
const old = ['/usr/bin/node', '/usr/local/bin/node'].find((node) => existsSync(node) && majorOf(node) < 24)
const installed = isInstalled()

function majorOf(node: string): number {
  return Number(/^v(\d+)/.exec(execFileSync(node, ['--version'], { encoding: 'utf8' }))?.[1])
}

function isInstalled(): boolean {
  try {
    createRequire(import.meta.url).resolve(`node-${process.platform}-${process.arch}/package.json`)
    return true
  } catch {
    return false
  }
}

const start = (args: readonly string[]) => spawn(old!, [bin, ...args], { stdio: ['pipe', 'pipe', 'pipe'] })

/** Exit code or signal, once all output has come. */
async function ended(child: ChildProcess): Promise<{ end: unknown; stderr: string; stdout: string }> {
  let [stdout, stderr] = ['', '']
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  return { end: code ?? signal, stdout, stderr }
}

test.skipIf(!old || !installed)(
  'an old Node runs it again with the installed one: same output, same exit',
  async () => {
    expect(await ended(start(['--version']))).toMatchObject({
      end: 0,
      stderr: '',
      stdout: expect.stringMatching(/^\d/),
    })
    expect(await ended(start(['no-such-command']))).toMatchObject({ end: 2, stdout: '' })
  },
)

test('compiled code is kept in the cache folder of the user', () => {
  const folder = projectFolder({})
  const { NODE_COMPILE_CACHE: _, ...rest } = process.env
  execFileSync(process.execPath, [bin, '--version'], { env: { ...rest, XDG_CACHE_HOME: folder } })
  expect(readdirSync(folder)).toEqual(['streamalert'])
})

/** An engine that follows its sources, up and running. */
async function running(): Promise<ChildProcess> {
  const project = projectFolder({
    'streamalert.yaml': "sources: { file: { a: { paths: ['*.log'] } } }",
    'a.log': 'x\n',
  })
  const child = start(['run', '--project', project])
  await once(child.stdout, 'readable')
  return child
}

test.skipIf(!old || !installed)('signals pass through', slow, async () => {
  const child = await running()
  child.kill('SIGTERM')
  expect(await ended(child)).toMatchObject({ end: 0 })
})

test.skipIf(!old || !installed)('a killed parent leaves no child behind', slow, async () => {
  const child = await running()
  child.kill('SIGKILL')
  // The pipe of its output closes only when the process that inherited it is gone, too.
  expect(await ended(child)).toMatchObject({ end: 'SIGKILL' })
})
