import { hash } from 'node:crypto'
import { createApp } from '../../core/app.ts'
import type { SecretProvider } from '../../core/component.ts'
import type { Alert, LogLine } from '../../core/contracts/index.ts'
import { messageOf } from '../../core/errors.ts'
import { maskedForPeople } from '../../outputs/shared/mask.ts'
import type { Published } from '../workers/pool.ts'
import { createPublishing } from '../workers/publishing.ts'
import type { Evaluation } from './evaluation.ts'
import { writeMetrics } from './metrics.ts'
import { isMinute } from './minute.ts'
import { createUpkeep } from './upkeep.ts'
import type { DispatchProject } from './project.ts'
import { secretsOf, valueOf } from './secrets.ts'
import { type Invocation, logTo, openStore, type Place, placeOf, type Surroundings } from './surroundings.ts'

export type DispatchHandler = (event: unknown, invocation: Invocation) => Promise<void>

/** Time that is left for sends that are under way, milliseconds. */
const reserveMs = 15_000

/**
 * The function that sends: woken by the table's stream as deliveries appear, and by the clock for windows, leases and tries. What the event
 * says matters little: the store knows what is due; once a minute rules and sources are looked after, too. Several may run, for each delivery is leased to one.
 */
export function createDispatchHandler(
  project: DispatchProject,
  around: Surroundings,
  secrets: (place: Place) => SecretProvider = (own) => secretsOf('outputs', around, own),
): DispatchHandler {
  const place = placeOf(around)
  const { now } = around
  const log = logTo(around)
  const store = openStore(place, project, around)
  const provider = secrets(place)
  const secret = (name: string) => valueOf(provider, name)
  const sensitive = (schema: string) => project.sensitive[schema] ?? []
  const screen = { colour: false, columns: 200, write: around.write }
  const outputs = new Map(
    project.outputs.map(({ name, kind, options, delivery }) => {
      const host = { name, projectDir: '/var/task', fetch: globalThis.fetch, now, log, secret, screen, sensitive }
      return [name, { output: maskedForPeople(kind, kind.create(options, host), sensitive), ...delivery }] as const
    }),
  )
  const publication = createPublishing({
    run: publishersOf(project, { ...around, log }),
    ofRules: project.publishersOfRules,
    ofOutputs: new Map(project.outputs.map(({ name, publishers }) => [name, publishers])),
    ...{ now, log },
  })
  const app = createApp(
    {
      ...{ store, outputs, decoders: [], now, log, random: Math.random },
      evaluator: { evaluate: async () => [] },
      clusters: new Map(),
      framings: () => new Set(),
      hash: (text) => hash('sha256', text, 'hex'),
      publication,
      onSettled({ state }) {
        if (state === 'dead') writeMetrics(place, around, { DeadDeliveries: 1 })
      },
    },
    { ...project.limits, concurrency: 1 },
  )

  const { upkeep } = project
  const lookAfter = upkeep && createUpkeep(upkeep, { cluster: place.cluster, store, now, log, onCommitted() {} })

  return async (event, invocation) => {
    // Alerts go out, whatever else cannot be done.
    if (isMinute(event)) {
      await lookAfter?.().catch((error: unknown) => log({ level: 'error', code: 'HEALTH', message: messageOf(error) }))
    }
    const remaining = invocation.getRemainingTimeInMillis()
    const signal = AbortSignal.timeout(Math.max(1, Math.floor(remaining - Math.min(reserveMs, remaining / 4))))
    await app.dispatch(signal)
  }
}

/** Runs publishers in a worker, which is there from the first alert on that has any. Never rejects. */
function publishersOf(
  { publishing }: Pick<DispatchProject, 'publishing'>,
  { env, log }: Pick<Surroundings, 'env'> & { log(line: LogLine): void },
) {
  const modes = () => ({ staged: new Set<string>(), promoted: new Set<string>() })
  let worker: Promise<Evaluation> | undefined
  return async (alert: Alert, names: readonly string[]): Promise<Published> => {
    if (!publishing) return { failure: `This package has no publisher ${names.join(', ')}.`, broke: false }
    worker ??= publishing({ env, log, modes })
    try {
      return await (await worker).publish(alert, names)
    } catch (error) {
      worker = undefined
      return { failure: messageOf(error), broke: true }
    }
  }
}
