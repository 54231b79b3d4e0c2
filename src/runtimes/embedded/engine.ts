import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Screen } from '../../core/component.ts'
import type { LogLine, Store } from '../../core/contracts/index.ts'
import { messageOf, problemsOf } from '../../core/errors.ts'
import { loadProject, type Project } from '../../project/index.ts'
import { openSqliteStore } from '../../stores/sqlite/index.ts'
import type { EngineEvents } from './events.ts'
import { startGeneration, type Surroundings } from './generation.ts'
import { type Session, startSession } from './session.ts'
import { sleep } from './sleep.ts'
import { projectChanges } from './watch-project.ts'

export interface EngineOptions {
  readonly projectDir: string
  /** Read all that the sources hold, deliver, end. */
  readonly once: boolean
  readonly screen: Screen
  /** Alerts go to the screen as JSON, one a line, whatever their rules' outputs are. */
  readonly json?: boolean
  secret(name: string): Promise<string>
  readonly events: EngineEvents
}

/** The embedded engine at work. */
export interface Engine {
  readonly store: Store
  readonly project: Project
  /** With `once`: resolves when all is read and delivered, or cannot be for now. Else: when the engine was stopped. */
  readonly finished: Promise<EngineEnd>
  stop(): Promise<void>
}

export interface EngineEnd {
  /** Every delivery of every source was taken. */
  readonly complete: boolean
  /** Deliveries of alerts that are still to be sent; the next run goes on with them. */
  readonly unsent: number
}

/** How long `once` waits for outputs that do not take their alerts, milliseconds. */
const patienceMs = 30_000
const sweepEveryMs = 600_000

/** Starts the engine. Throws Problems when configuration, schemas or rules are broken: nothing has been read then. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const { once, events } = options
  const project = await loadProject(options.projectDir)
  const store = openStore(project)
  let session: Session | undefined
  let reloading: Promise<void> = Promise.resolve()
  const stopping = new AbortController()
  const around: Surroundings = {
    store,
    screen: options.screen,
    json: options.json ?? false,
    now: Date.now,
    random: Math.random,
    secret: options.secret,
    log: events.log,
    onCommitted(committed, results) {
      if (committed.alerts.length > 0) session?.wake()
      events.committed?.(committed, results)
    },
    onSettled: (settlement) => events.settled?.(settlement),
    onRuleOutput: (text) => events.log(printed(text)),
  }

  const begin = async (state: Project) => {
    const generation = await startGeneration(state, around)
    return { start: () => startSession(generation, around, once), generation }
  }

  try {
    const { start, generation } = await begin(project)
    events.started?.(project, generation.loaded)
    session = start()
  } catch (error) {
    await store.close()
    throw error
  }

  async function reload(): Promise<void> {
    try {
      const { start, generation } = await begin(await loadProject(options.projectDir))
      await session!.stop()
      events.started?.(generation.project, generation.loaded)
      session = start()
    } catch (error) {
      events.reloadFailed?.(problemsOf(error))
    }
  }

  async function watch(): Promise<void> {
    for await (const _ of projectChanges(project.dir, stopping.signal)) {
      reloading = reload()
      await reloading
    }
  }

  async function tellCaughtUp(): Promise<void> {
    while (!stopping.signal.aborted) {
      await sleep(100, stopping.signal)
      if (!(await session!.idle())) continue
      events.caughtUp?.()
      return
    }
  }

  async function sweep(): Promise<void> {
    const { alerts, hits, quarantine, maxBytes } = project.config.storage.retention
    const retention = { alertsMs: alerts, hitsMs: hits, quarantineMs: quarantine, maxBytes }
    try {
      await store.sweep(retention, Date.now())
    } catch (error) {
      events.log({ level: 'error', code: 'STORE_FAILED', message: `Sweeping: ${messageOf(error)}` })
    }
  }

  async function sweepNowAndThen(): Promise<void> {
    while (!stopping.signal.aborted) {
      await sweep()
      await sleep(sweepEveryMs, stopping.signal)
    }
  }

  async function close(): Promise<void> {
    await reloading
    await session?.stop()
    await store.close()
  }

  async function runOnce(): Promise<EngineEnd> {
    const complete = await session!.read
    await session!.stopSending()
    const unsent = await deliverAll(session!, store, AbortSignal.any([stopping.signal, AbortSignal.timeout(patienceMs)]))
    await sweep()
    await close()
    return { complete, unsent }
  }

  async function runOn(): Promise<EngineEnd> {
    await Promise.all([watch(), tellCaughtUp(), sweepNowAndThen()])
    await close()
    return { complete: true, unsent: 0 }
  }

  const finished = once ? runOnce() : runOn()
  return {
    store,
    project,
    finished,
    async stop() {
      stopping.abort()
      if (once) await session?.stop()
      await finished
    },
  }
}

/** Closes all windows and sends until nothing is left or `signal` aborts. Answers how many deliveries are left. */
async function deliverAll(session: Session, store: Store, signal: AbortSignal): Promise<number> {
  for (;;) {
    const { next } = await session.generation.app.dispatch(signal, { closeAll: true })
    const left = (await store.due()).reduce((sum, { count }) => sum + count, 0)
    if (left === 0 || signal.aborted) return left
    await sleep(Math.min(Math.max((next ?? 0) - Date.now(), 20), 1000), signal)
  }
}

function openStore(project: Project): Store {
  const folder = resolve(project.dir, project.config.storage.path)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return openSqliteStore(join(folder, 'state.db'), { engine: true })
}

const printed = (text: string): LogLine => ({ level: 'info', code: 'RULE_PRINTED', message: text.trimEnd().slice(0, 2000) })
