/**
 * npm packs package.json as it lies on disk. The clone lists the Node binaries of npm as optional dependencies, so that it
 * runs on a machine with an older Node; whoever installs the package has a Node, and must not fetch another.
 *
 *   node scripts/manifest.ts strip     before packing: takes them out, keeps the original aside
 *   node scripts/manifest.ts restore   after packing
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const file = join(import.meta.dirname, '../package.json')
const aside = `${file}.orig`

function strip(): void {
  restore()
  const original = readFileSync(file, 'utf8')
  const manifest = JSON.parse(original) as { optionalDependencies?: Record<string, string> }
  const optional = Object.entries(manifest.optionalDependencies ?? {}).filter(([name]) => !/^node-\w+-\w+$/.test(name))
  manifest.optionalDependencies = Object.fromEntries(optional)
  writeFileSync(aside, original)
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`)
}

/** Also mends what a killed `npm pack` left behind. */
function restore(): void {
  if (existsSync(aside)) renameSync(aside, file)
}

const steps: Readonly<Record<string, () => void>> = { strip, restore }
const step = steps[process.argv[2] ?? '']
if (!step) throw new Error('Say strip or restore.')
step()
