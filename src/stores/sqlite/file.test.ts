import { existsSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Store } from '../../core/contracts/index.ts'
import { commitOf, sampleEntry, sampleHit, start } from '../../testing/store/samples.ts'
import { openDatabase } from './database.ts'
import { openSqliteStore, type SqliteOptions } from './index.ts'
import { migrate, migrations } from './schema.ts'

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'streamalert-store-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'deep', 'state.db')
}

function opened(path: string, options?: SqliteOptions): Store {
  const store = openSqliteStore(path, options)
  onTestFinished(async () => store.close().catch(() => {}))
  return store
}

const error = (code: string) => expect.objectContaining({ code, hint: expect.any(String) as string })

it('counts what comes from logs under so many names at most, and the rest together', async () => {
  const store = opened(scratch())
  const drift = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, n) => {
      return { metric: 'drift', labels: { schema: 'one', field: `f${from + n}` }, n: 1 } as const
    })
  for (const counts of [drift(0, 3_000), drift(2_000, 9_000), drift(0, 10)]) {
    await store.commit({ results: [{ hits: [], quarantine: [], counts, bytes: 0, records: 0 }], state: [], now: start })
  }
  const kept = await store.counts('drift')
  expect(kept).toHaveLength(5_001)
  expect(kept.reduce((sum, { n }) => sum + n, 0)).toBe(10_010)
  expect(kept.find(({ labels }) => labels['field'] === '(others)')?.n).toBe(4_000)
  expect(kept.find(({ labels }) => labels['field'] === 'f5')?.n).toBe(2)
})

describe('the state file', () => {
  it('makes its folder, and is as it was when opened again', async () => {
    const path = scratch()
    const first = opened(path)
    await first.commit(
      commitOf({ hits: [sampleHit({ n: 1, window: { count: 1 } })], state: [{ key: 'k', value: 'v' }] }),
    )
    await first.close()
    const second = opened(path)
    expect(await second.get('k')).toBe('v')
    expect((await second.commit(commitOf({ hits: [sampleHit({ n: 1, window: { count: 1 } })] }))).alerts).toEqual([])
    expect(await second.due()).toMatchObject([{ count: 1 }])
  })

  it('reads as empty when it is only looked at and not there, and is not made', async () => {
    const path = scratch()
    const store = opened(path, { readOnly: true })
    expect(await store.alerts({ limit: 1 })).toEqual([])
    expect(await store.quarantineGroups()).toEqual([])
    expect(existsSync(path)).toBe(false)
  })

  it('does not let a reader write', async () => {
    const path = scratch()
    await opened(path).close()
    const store = opened(path, { readOnly: true })
    await expect(store.set('k', 'v')).rejects.toEqual(error('STORE_FAILED'))
  })

  it('says what to do when it is damaged', async () => {
    const path = scratch()
    const store = opened(path)
    for (let n = 0; n < 20; n++)
      await store.commit(commitOf({ quarantine: [sampleEntry(n, { raw: new Uint8Array(9000) })] }))
    await store.close()
    truncateSync(path, statSync(path).size / 2)
    const use = async () => opened(path).quarantine({ limit: 100 })
    await expect(use()).rejects.toEqual(error('STORE_FAILED'))
    writeFileSync(path, 'This is not a database, but some text that somebody wrote.'.repeat(100))
    expect(() => openSqliteStore(path)).toThrow(error('STORE_FAILED'))
  })

  it('says when its folder cannot be made', () => {
    const path = scratch()
    writeFileSync(join(path, '..', '..', 'deep'), 'a file')
    expect(() => openSqliteStore(path)).toThrow(error('STORE_FAILED'))
  })
})

describe('migrations', () => {
  const version = (path: string) => {
    const db = openDatabase(path, { readOnly: true })
    const { user_version } = db.get<{ user_version: number }>('PRAGMA user_version')!
    db.close()
    return user_version
  }

  it('brings a file of version 1 to the present form, with what it holds', async () => {
    const path = scratch()
    await opened(path).close()
    rmSync(path)
    const old = openDatabase(path, { readOnly: false })
    migrate(old, path, migrations.slice(0, 1))
    old.run("INSERT INTO state (key, value) VALUES ('k', 'of version 1')")
    expect(old.get('PRAGMA user_version')).toEqual({ user_version: 1 })
    migrate(old, path, [
      ...migrations.slice(0, 1),
      'ALTER TABLE state ADD COLUMN note TEXT',
      "UPDATE state SET note = 'new'",
    ])
    expect(old.get('SELECT value, note FROM state')).toEqual({ value: 'of version 1', note: 'new' })
    expect(old.get('PRAGMA user_version')).toEqual({ user_version: 3 })
    old.close()
  })

  it('knows updates, backlog and the order of alerts of a file of version 2', async () => {
    const path = scratch()
    await opened(path).close()
    rmSync(path)
    const old = openDatabase(path, { readOnly: false })
    migrate(old, path, migrations.slice(0, 2))
    const { record, window: _, ...hit } = sampleHit({ n: 1 })
    const insert = (seq: number, id: string, more: object) => {
      const alert = { ...hit, ...more, id, createdAt: '', cluster: 'prod', source: 's', schema: 'a', staged: false }
      old.run(`INSERT INTO alerts VALUES (?, ?, 'rule', 'prod', 'low', 1, 0, 1, ?)`, [seq, id, JSON.stringify(alert)])
      old.run(`INSERT INTO deliveries (alert, output, rule, due, stored) VALUES (?, 'file:alerts', 'rule', 1, 1)`, [
        seq,
      ])
    }
    old.run('INSERT INTO records VALUES (1, ?, ?)', [record.id, JSON.stringify(record)])
    insert(1, 'opening', {})
    insert(2, 'update', { updates: 'opening' })
    old.close()

    const store = opened(path)
    await store.settle([{ alert: 'opening', output: 'file:alerts', state: 'sent', receipt: 'r' }], start)
    const claimed = await store.claim({ output: 'file:alerts', now: start, limit: 9, leaseMs: 1 })
    expect(claimed).toMatchObject([{ alert: { id: 'update' }, earlier: 'r' }])
    expect(await store.alertsAfter(1, 9)).toMatchObject({ alerts: [{ id: 'update' }], last: 2 })
    await store.commit(commitOf({ hits: [sampleHit({ n: 2 })] }))
    expect(await store.lastAlert()).toBe(3)
  })

  it('takes a step wholly or not at all', async () => {
    const path = scratch()
    await opened(path).close()
    const db = openDatabase(path, { readOnly: false })
    const broken = [...migrations, 'CREATE TABLE extra (a); INSERT INTO missing VALUES (1)']
    expect(() => migrate(db, path, broken)).toThrow('missing')
    expect(db.get("SELECT 1 FROM sqlite_schema WHERE name = 'extra'")).toBeUndefined()
    db.close()
    expect(version(path)).toBe(migrations.length)
  })

  it('refuses a file of a later version, and leaves it as it is', async () => {
    const path = scratch()
    await opened(path).close()
    const db = openDatabase(path, { readOnly: false })
    db.exec('PRAGMA user_version = 99')
    db.close()
    for (const readOnly of [true, false])
      expect(() => openSqliteStore(path, { readOnly })).toThrow(error('STORE_NEWER'))
    expect(version(path)).toBe(99)
  })
})

it('closes a flood of windows some at a time', async () => {
  const store = opened(scratch())
  const hits = Array.from({ length: 2_600 }, (_, n) =>
    sampleHit({ n, at: 0, key: `k${n % 1300}`, window: { count: 1 } }),
  )
  await store.commit(commitOf({ hits }))
  const close = () => store.closeWindows({ now: start, latenessMs: 0, all: true })
  const [first, second] = [await close(), await close()]
  expect([first.alerts.length, first.more]).toEqual([1_000, true])
  expect(second.alerts.length).toBe(300)
  expect(second).not.toHaveProperty('more')
})

describe('sweeping by bytes', () => {
  const forever = { alertsMs: 1e15, quarantineMs: 1e15, hitsMs: 1e15 }
  const data = { text: 'x'.repeat(5000) }
  const many = (from: number, more: object) =>
    Array.from({ length: 200 }, (_, i) => sampleHit({ n: from + i, data, outputs: [], ...more }))

  it('removes hits of closed windows first, then quarantine, then alerts, and the file shrinks', async () => {
    const path = scratch()
    const store = opened(path)
    const window = { count: 1 }
    const hits = [...many(0, { window, rule: 'merged' }), ...many(1000, {})]
    const entries = Array.from({ length: 200 }, (_, n) => sampleEntry(n, { raw: new Uint8Array(5000) }))
    await store.commit(commitOf({ hits, quarantine: entries }))
    await store.closeWindows({ now: start, latenessMs: 0, all: true })
    const { bytes = 0 } = await store.sizes()

    expect(await store.sweep({ ...forever, maxBytes: bytes * 0.8 }, start)).toEqual({ hits: 200 })
    expect(await store.sweep({ ...forever, maxBytes: bytes * 0.5 }, start)).toEqual({ quarantine: 200 })
    expect(await store.sweep({ ...forever, maxBytes: bytes * 0.2 }, start)).toEqual({ alerts: 202 })
    expect((await store.sizes())['bytes']).toBeLessThan(bytes * 0.2)
    expect(statSync(path).size).toBeLessThan(bytes * 0.3)

    // What was removed is still known.
    expect((await store.commit(commitOf({ hits }))).alerts).toEqual([])
    expect((await store.closeWindows({ now: start, latenessMs: 0, all: true })).alerts).toEqual([])
  })

  it('never removes what waits to be sent, or to be told', async () => {
    const store = opened(scratch())
    const window = { count: 1 }
    await store.commit(
      commitOf({ hits: [...many(0, { outputs: ['file:alerts'] }), ...many(1000, { window, rule: 'merged' })] }),
    )
    expect(await store.sweep({ ...forever, maxBytes: 1 }, start)).toEqual({})
    expect(await store.claim({ output: 'file:alerts', now: start, limit: 1000, leaseMs: 1 })).toHaveLength(200)
    const { alerts } = await store.closeWindows({ now: start, latenessMs: 0, all: true })
    expect(alerts).toMatchObject([{ mergedFrom: { count: 200 }, record: { data } }])
  })

  it('still raises the alert of a threshold whose early hits were emptied', async () => {
    const store = opened(scratch())
    const window = { count: 201 }
    await store.commit(commitOf({ hits: many(0, { window }) }))
    expect(await store.sweep({ ...forever, maxBytes: 1 }, start)).toEqual({ hits: 200 })
    const { alerts } = await store.commit(commitOf({ hits: [sampleHit({ n: 500, window })] }))
    expect(alerts).toMatchObject([
      { record: { id: 'record-500' }, mergedFrom: { count: 201, records: ['record-500'] } },
    ])
  })
})
