/**
 * Compiles wasm/walk.ts into a module that needs no file beside it: `npm run wasm`. With `--check` it writes nothing, and fails where
 * that would change something.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const target = join(root, 'src/core/skim/walk-module.ts')
const scratch = mkdtempSync(join(tmpdir(), 'streamalert-wasm-'))
const binary = join(scratch, 'walk.wasm')

// Its types would be those of all files here: it is run, not imported.
const compiler = join(root, 'node_modules/assemblyscript/bin/asc.js')
const options = ['-O3', '--runtime', 'stub', '--noAssert', '--importMemory', '--initialMemory', '1', '--enable', 'simd']
execFileSync(process.execPath, [compiler, 'wasm/walk.ts', ...options, '--outFile', binary], {
  cwd: root,
  stdio: 'inherit',
})
const lines = readFileSync(binary, 'base64').match(/.{1,110}/g)!
rmSync(scratch, { recursive: true })

const text = `/** Compiled from wasm/walk.ts by \`npm run wasm\`. */
export const walkModule = [
${lines.map((line) => `  '${line}',`).join('\n')}
].join('')
`
if (!process.argv.includes('--check')) writeFileSync(target, text)
else if (readFileSync(target, 'utf8') !== text) {
  console.error('src/core/skim/walk-module.ts is not what wasm/walk.ts gives: run `npm run wasm`.')
  process.exitCode = 1
}
