import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { median, rounded } from './measure.ts'

const root = join(import.meta.dirname, '..')

/** What one process measured of one revision: nanoseconds of processor time per record. */
export interface Measured {
  readonly [load: string]: { readonly floor: number; readonly evaluation: number }
}

/**
 * Measures this state of the tree and another revision in turn, each in processes of its own, on the same bytes: what a worker does
 * with them (decode, split, classify among all built-in schemas, normalise, 40 rules) to the floor in the same process.
 * The other revision is checked out into a temporary folder. Prints medians.
 */
export async function compare(revision: string, quick: boolean): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'streamalert-compare-'))
  const other = join(folder, 'tree')
  const git = (...given: string[]) => execFileSync('git', ['-C', root, ...given], { stdio: 'ignore' })
  const clean = () => {
    git('worktree', 'remove', '--force', other)
    rmSync(folder, { recursive: true, force: true })
  }
  git('worktree', 'add', '--detach', other, revision)
  try {
    symlinkSync(join(root, 'node_modules'), join(other, 'node_modules'))
    const rounds = quick ? 1 : 5
    // Stopped halfway, it leaves no tree behind.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => (clean(), process.exit(1)))
    const here: Measured[] = []
    const there: Measured[] = []
    for (let round = 0; round < rounds; round++) {
      there.push(measureOne(other, quick))
      here.push(measureOne(root, quick))
      process.stderr.write(`round ${round + 1} of ${rounds}\n`)
    }
    process.stdout.write(`evaluation, as times of the floor: ${revision} → this tree\n`)
    for (const load of Object.keys(here[0]!)) {
      const times = (all: readonly Measured[]) => median(all.map((one) => one[load]!.evaluation / one[load]!.floor))
      const [before, after] = [times(there), times(here)]
      const change = `${rounded(before / after, 2)} times as fast`
      process.stdout.write(`${load.padEnd(36)}${before.toFixed(2).padStart(8)} → ${after.toFixed(2)}   ${change}\n`)
    }
  } finally {
    clean()
  }
}

function measureOne(tree: string, quick: boolean): Measured {
  const given = [join(import.meta.dirname, 'compare-one.ts'), tree, quick ? '500000' : '8000000', quick ? '1' : '5']
  return JSON.parse(execFileSync(process.execPath, ['--no-use-osr', ...given], { encoding: 'utf8' })) as Measured
}
