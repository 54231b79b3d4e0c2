import { execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { median, rounded } from './measure.ts'
import { type Row, atMost } from './row.ts'

const root = join(import.meta.dirname, '..')

/** From nothing to the first alert of the quickstart; and to import what a Lambda function needs, from one file. */
export async function startRows(folder: string, rounds: number): Promise<Row[]> {
  const alerts: number[] = []
  for (let round = 0; round < rounds; round++) alerts.push(await firstAlert(join(folder, `start-${round}`)))
  const bundle = await bundled(folder)
  const imports = Array.from({ length: rounds + 1 }, () => importOf(bundle)).slice(1)
  const size = `${Math.round(statSync(bundle).size / 1024)} KiB, minified`
  return [
    atMost('start of `run` on the quickstart → first alert', 1.5, median(alerts), 'a new process each', ' s'),
    atMost('Lambda: import of core, parsers, schemas', 150, median(imports), size, ' ms'),
  ]
}

async function firstAlert(dir: string): Promise<number> {
  cpSync(join(root, 'examples/quickstart'), dir, { recursive: true, preserveTimestamps: true })
  const start = performance.now()
  const engine = spawn(process.execPath, [join(root, 'bin/streamalert.js'), 'run', '--json', '--project', dir], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  await new Promise((resolve) => engine.stdout.once('data', resolve))
  const seconds = (performance.now() - start) / 1000
  const ended = new Promise((resolve) => engine.once('exit', resolve))
  engine.kill('SIGTERM')
  await ended
  rmSync(dir, { recursive: true, force: true })
  return rounded(seconds, 2)
}

/** What handles events on AWS, without the platform's own clients: those are there already. */
async function bundled(folder: string): Promise<string> {
  const entry = join(folder, 'lambda.ts')
  const outfile = join(folder, 'lambda', 'index.mjs')
  mkdirSync(join(folder, 'lambda'), { recursive: true })
  const from = (path: string) => JSON.stringify(join(root, path))
  writeFileSync(
    entry,
    `export { createApp } from ${from('src/core/app.ts')}
export { compileClassifier } from ${from('src/core/classify/index.ts')}
export { compileEvaluation } from ${from('src/core/evaluate/index.ts')}
export { decoders } from ${from('src/decoders/index.ts')}
export * as parsers from ${from('src/parsers/index.ts')}
export { schemas } from ${from('schemas/index.ts')}
`,
  )
  await build({
    ...{ entryPoints: [entry], outfile, bundle: true, minify: true, platform: 'node', format: 'esm', target: 'node24' },
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    external: ['@aws-sdk/*', '@smithy/*'],
    logLevel: 'error',
  })
  return outfile
}

const importing = 'const s = performance.now(); await import(process.argv[1]); console.log(performance.now() - s)'

const importOf = (file: string) =>
  Number(execFileSync(process.execPath, ['--input-type=module', '-e', importing, file], { encoding: 'utf8' }))
