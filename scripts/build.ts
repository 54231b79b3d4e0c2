/** Compiles what is published into dist/: JavaScript and types of src and schemas, and the files that code reads at run time. */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, globSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')

rmSync(dist, { recursive: true, force: true })
execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' })

// Samples of schemas, and whatever else of src and schemas is neither code nor a test.
for (const file of globSync('{src,schemas,rules}/**/*', { cwd: root, withFileTypes: true })) {
  const path = join(file.parentPath, file.name).slice(root.length + 1)
  if (!file.isFile() || /\.(ts|md)$|\.test\./.test(path)) continue
  const target = join(dist, path)
  if (existsSync(target)) continue
  mkdirSync(dirname(target), { recursive: true })
  cpSync(join(root, path), target)
}
