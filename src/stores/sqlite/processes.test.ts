import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Store } from '../../core/contracts/index.ts'
import { commitOf, randomOf, sampleHit, start } from '../../testing/store/samples.ts'
import { commitUntil, hitsEach } from './children/commit.ts'
import { openSqliteStore } from './index.ts'

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'streamalert-store-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'state.db')
}

/** A child process of this folder's `children`. */
function run(name: string, ...given: string[]): ChildProcess {
  const file = join(import.meta.dirname, 'children', `${name}.ts`)
  const child = spawn(process.execPath, [file, ...given], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Everything that must agree with the number of commits. */
async function holds(store: Store) {
  const n = Number((await store.get('n')) ?? 0)
  const alerts = await store.alerts({ limit: 1e6 })
  const pending = alerts.flatMap(({ deliveries }) => deliveries).filter(({ state }) => state === 'pending').length
  const sizes = await store.sizes()
  return {
    n,
    single: alerts.filter(({ alert }) => alert.rule === 'rule').length,
    merged: sizes['hits'],
    entries: sizes['quarantine'],
    counted: (await store.counts('hits'))[0]?.n ?? 0,
    unsent: (await store.due())[0]?.count ?? 0,
    pending,
    ids: alerts.map(({ alert }) => alert.id).sort(),
  }
}

describe('SQLite store and processes', () => {
  it('holds whole commits only, whenever its process is killed', { timeout: 100_000 }, async () => {
    const path = scratch()
    const random = randomOf(7)
    let before = 0
    for (let kill = 0; kill < 6; kill++) {
      const child = run('commit', path)
      await once(child.stdout!, 'data')
      await pause(random() * 40)
      child.kill('SIGKILL')
      await once(child, 'exit')
      const store = openSqliteStore(path, { engine: true })
      const { n, ids: _, unsent, ...held } = await holds(store)
      await store.close()
      expect(n).toBeGreaterThan(before)
      const half = (n * hitsEach) / 2
      expect({ n, ...held }).toEqual({
        n,
        single: half,
        merged: half,
        entries: n,
        counted: n * hitsEach,
        pending: unsent,
      })
      before = n
    }

    const undisturbed = scratch()
    await commitUntil(undisturbed, before, () => {})
    const stores = [path, undisturbed].map((file) => openSqliteStore(file, { readOnly: true }))
    const [killed, whole] = await Promise.all(stores.map(holds))
    expect(killed!.ids).toEqual(whole!.ids)
    for (const store of stores) await store.close()
  })

  it('never gives one alert to the dispatchers of two processes', async () => {
    const path = scratch()
    const store = openSqliteStore(path)
    await store.commit(commitOf({ hits: Array.from({ length: 400 }, (_, n) => sampleHit({ n })) }))
    const children = [1, 2].map(() => run('claim', path, String(start)))
    const printed = await Promise.all(
      children.map(async (child) => (await child.stdout!.setEncoding('utf8').toArray()).join('')),
    )
    const ids = printed.join('').trim().split('\n')
    expect(ids).toHaveLength(400)
    expect(new Set(ids).size).toBe(400)
    expect(await store.due()).toEqual([])
    await store.close()
  })

  it('lets one engine in, names the process that is in, and forgets it when it is killed', async () => {
    const path = scratch()
    const child = run('commit', path)
    await once(child.stdout!, 'data')
    expect(() => openSqliteStore(path, { engine: true })).toThrow(
      expect.objectContaining({ code: 'STORE_LOCKED', message: expect.stringContaining(String(child.pid)) as string }),
    )
    // Others may look, and settle, at the same time.
    const beside = openSqliteStore(path, { readOnly: true })
    expect((await beside.alerts({ limit: 1 })).length).toBe(1)
    await beside.close()
    child.kill('SIGKILL')
    await once(child, 'exit')
    const engine = openSqliteStore(path, { engine: true })
    expect(() => openSqliteStore(path, { engine: true })).toThrow(expect.objectContaining({ code: 'STORE_LOCKED' }))
    await engine.close()
    await openSqliteStore(path, { engine: true }).close()
  })
})
