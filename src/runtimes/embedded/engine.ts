import type { Screen } from '../../core/component.ts'
import type { LogLine, QuarantineQuery, Store, Windows } from '../../core/contracts/index.ts'
import { problemsOf } from '../../core/errors.ts'
import { type DeadSelection, retryDead } from '../../core/retry-dead.ts'
import { type Retried, retryQuarantine } from '../../core/retry-quarantine.ts'
import type { Input } from '../../core/input.ts'
import { keepRoom, loadProject, openSecrets, type Project, terminalOutput } from '../../project/index.ts'
import type { EngineEvents } from './events.ts'
import { createHealth } from '../upkeep/health.ts'
import { createMetrics } from './metrics/index.ts'
import { startGeneration, type Surroundings } from './generation.ts'
import { openStore } from './open-store.ts'
import { answerRequests } from './requests.ts'
import { type Session, startSession } from './session.ts'
import { sleep } from '../../core/sleep.ts'
import { type Changed, openStaging, type StagingChange } from '../upkeep/staging.ts'
import { createSourceCounts } from '../upkeep/source-counts.ts'
import { createSourceWatch } from './source-watch.ts'
import { deliverAll, handOnAlerts, lookAt, lookAtHealth, repeatUntil, sweep, waiting } from './upkeep.ts'
import { projectChanges } from './watch-project.ts'

export interface EngineOptions {
  readonly projectDir: string
  /** Read all that the sources hold, deliver, end. */
  readonly once: boolean
  /** What the command line changes of the project, each time it is loaded. */
  readonly adapt?: (project: Project) => Project | Promise<Project>
  /** Standard input. */
  readonly input?: Input
  /** False: no source is read; for work on what the store holds. */
  readonly read?: boolean
  readonly screen: Screen
  /** Alerts go to the screen as JSON, one a line, whatever their rules' outputs are. */
  readonly json?: boolean
  /** The environment variables: secrets may be among them. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly events: EngineEvents
  /** The clock, epoch milliseconds. Default: that of the machine. */
  readonly now?: () => number
}

/** The embedded engine at work. */
export interface Engine {
  /**
   * With `once`: resolves when all is read and delivered, or cannot be for now. Else: when the engine was stopped, or its sources
   * have all ended for good, and what they gave is delivered.
   */
  readonly finished: Promise<EngineEnd>
  /** Tries entries of the quarantine again. */
  retry(query: QuarantineQuery): Promise<Retried>
  /** Puts dead deliveries back in line; answers how many. */
  retryDead(which: DeadSelection): Promise<number>
  /** Stages or promotes a rule. */
  changeStaging(change: StagingChange): Promise<Changed>
  /** Waits until nothing is left to send, or outputs do not take it; answers how many deliveries are left. */
  deliver(): Promise<number>
  stop(): Promise<void>
}

export interface EngineEnd {
  /** Every delivery of every source was taken. */
  readonly complete: boolean
  /** Deliveries of alerts that are still to be sent; the next run goes on with them. */
  readonly unsent: number
}

/** How long is waited for outputs that do not take their alerts, before the engine ends without them. Milliseconds. */
const patienceMs = 30_000
const sweepEveryMs = 600_000
const lookEveryMs = 1_000
const lookAtHealthEveryMs = 10_000
const watchSourcesEveryMs = 5_000
/** How long a first reading may hold back promotions: what lies there to be read may speak against one. Milliseconds. */
const catchUpMs = 600_000

/** Starts the engine. Throws Problems when configuration, schemas or rules are broken: nothing has been read then. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const { once, events, read = true, adapt = (project: Project) => project } = options
  const load = async () => adapt(await loadProject(options.projectDir))
  const project = await load()
  const store = openStore(project, { engine: true })
  const stopping = new AbortController()
  let around: Surroundings
  let session: Session
  let reloading: Promise<void> = Promise.resolve()
  const ending = new Set<Promise<void>>()
  try {
    around = await surroundings(options, store, () => session)
    session = await begin(project)
    keepRoom()
  } catch (error) {
    await store.close()
    throw error
  }

  /** Makes the state of the project the one that works, in place of `before`. Throws Problems, and `before` goes on. */
  async function begin(state: Project, before?: Session): Promise<Session> {
    const generation = await startGeneration(state, around)
    if (before) {
      await before.stopReading()
      // A send that hangs must not keep the new rules waiting: it ends in its own time.
      const stopped = before.stop().finally(() => ending.delete(stopped))
      ending.add(stopped)
    }
    if (read && !once) await around.metrics.enter(state.config.metrics, openSecrets(state, around).get)
    events.started?.(state, generation.loaded)
    return startSession(generation, around, { once, read })
  }

  async function reload(): Promise<void> {
    try {
      session = await begin(await load(), session)
    } catch (error) {
      events.reloadFailed?.(problemsOf(error))
    }
  }

  async function reloadOnChange(): Promise<void> {
    for await (const _ of projectChanges(project.dir, () => session.generation.loaded.files, stopping.signal)) {
      reloading = reload()
      await reloading
    }
  }

  async function tellCaughtUp(): Promise<void> {
    while (!stopping.signal.aborted) {
      await sleep(100, stopping.signal)
      if (!(await session.idle())) continue
      events.caughtUp?.()
      return
    }
  }

  const repeat = (everyMs: number, work: () => Promise<unknown>) => repeatUntil(stopping.signal, everyMs, work)

  async function sweepNowAndThen(): Promise<void> {
    await sweep(store, project.config, around)
    await repeat(sweepEveryMs, () => sweep(store, project.config, around))
  }

  async function lookAtStaging(caughtUp: Promise<void>): Promise<void> {
    await Promise.race([caughtUp, sleep(catchUpMs, stopping.signal)])
    if (!stopping.signal.aborted) await lookAt(around.staging, events.log)
    await repeat(lookEveryMs, () => lookAt(around.staging, events.log))
  }

  async function watchSources(): Promise<void> {
    await around.sourceWatch.write()
    await repeat(watchSourcesEveryMs, around.sourceWatch.write)
  }

  /** What looks at what is read. */
  const watching = (caughtUp: Promise<void>) => [
    lookAtStaging(caughtUp),
    watchSources(),
    repeat(lookAtHealthEveryMs, () => lookAtHealth(around.health, events.log)),
  ]

  function retry(query: QuarantineQuery): Promise<Retried> {
    const { evaluator, store: limited } = session.generation
    return retryQuarantine({ store: limited, evaluator, now: around.now, onCommitted: around.onCommitted }, query)
  }
  async function retryDeadHere(which: DeadSelection): Promise<number> {
    const count = await retryDead(store, which, around.now())
    session.wake()
    return count
  }
  const changeStaging = (change: StagingChange) => around.staging.change(change)
  const deliver = (windows: Windows) => {
    const patience = AbortSignal.any([stopping.signal, AbortSignal.timeout(patienceMs)])
    return deliverAll(session.generation.app, around, patience, windows)
  }

  /** Once everything was read: closes all windows, and sends what is to be sent. Answers how many deliveries are left. */
  async function wrapUp(): Promise<number> {
    await session.stopSending()
    await lookAt(around.staging, events.log)
    await lookAtHealth(around.health, events.log)
    await handOnAlerts(session.generation.alerts, events.log)
    let unsent = await deliver('all')
    // Closing windows may have raised more.
    if ((await handOnAlerts(session.generation.alerts, events.log)) > 0) unsent = await deliver('all')
    return unsent
  }

  async function runOnce(): Promise<EngineEnd> {
    const complete = await session.read
    const unsent = await wrapUp()
    await sweep(store, project.config, around)
    await session.stop()
    await around.sourceCounts.flush()
    if (read) await around.sourceWatch.write()
    await store.close()
    return { complete, unsent }
  }

  /** Ends the run once its sources have all ended for good. */
  async function endWithSources(): Promise<boolean> {
    for (;;) {
      const { read: reading, generation } = session
      const complete = await reading
      if (stopping.signal.aborted) return true
      const all = [...generation.sources.values()]
      if (all.length > 0 && all.every((source) => source.ended?.())) {
        await reloading
        await wrapUp()
        stopping.abort()
        return complete
      }
      await sleep(lookEveryMs, stopping.signal)
    }
  }

  async function runOn(): Promise<EngineEnd> {
    const endingItself = endWithSources()
    const answering = answerRequests(store, { retry, dead: retryDeadHere, staging: changeStaging }, stopping.signal)
    const caughtUp = tellCaughtUp()
    await Promise.all([
      reloadOnChange(),
      caughtUp,
      sweepNowAndThen(),
      repeat(lookEveryMs, around.sourceCounts.flush),
      repeat(lookEveryMs, () => handOnAlerts(session.generation.alerts, events.log)),
      ...(read ? watching(caughtUp) : []),
      answering,
    ])
    await reloading
    await Promise.all([session.stop(), around.metrics.close(), ...ending])
    await around.sourceCounts.flush()
    if (read) await around.sourceWatch.write()
    const complete = await endingItself
    const unsent = await waiting(store)
    await store.close()
    return { complete, unsent }
  }

  const finished = once ? runOnce() : runOn()
  return {
    finished,
    retry,
    retryDead: retryDeadHere,
    changeStaging,
    deliver: () => deliver('due'),
    async stop() {
      stopping.abort()
      if (once) await session.stop()
      await finished
    },
  }
}

async function surroundings(
  options: EngineOptions,
  store: Store,
  session: () => Session | undefined,
): Promise<Surroundings> {
  const { events, now = Date.now } = options
  const sourceWatch = await createSourceWatch({ store, now, log: events.log })
  const metrics = createMetrics({ store, sourceWatch, now, log: events.log })
  const json = options.json ?? false
  const onScreen = ({ terminal }: { readonly terminal: boolean }) => (terminal || json ? [terminalOutput] : [])
  const around: Omit<Surroundings, 'staging' | 'health'> = {
    store,
    sourceCounts: createSourceCounts(store, now),
    sourceWatch,
    metrics,
    screen: options.screen,
    json,
    now,
    random: Math.random,
    env: options.env,
    log: events.log,
    onCommitted(committed, results) {
      if (committed.alerts.length > 0) session()?.wake()
      health.note(results)
      sourceWatch.note(results)
      metrics.committed(committed)
      events.committed?.(committed, results)
    },
    ...(options.input && { input: options.input }),
    onSettled(settlement) {
      metrics.settled(settlement)
      events.settled?.(settlement)
    },
    onRuleOutput: (text) => events.log(printed(text)),
  }
  const health = createHealth({ ...around, onScreen, once: options.once })
  return { ...around, health, staging: await openStaging({ ...around, onScreen }) }
}

const printed = (text: string): LogLine => ({
  level: 'info',
  code: 'RULE_PRINTED',
  message: text.trimEnd().slice(0, 2000),
})
