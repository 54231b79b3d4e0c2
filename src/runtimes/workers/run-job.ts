import { hash } from 'node:crypto'
import type { Frame, FrameResult, Metric } from '../../core/contracts/index.ts'
import { CodedError } from '../../core/errors.ts'
import type { Failure } from '../../core/evaluate/index.ts'
import { quarantineId, recordId } from '../../core/ids.ts'
import type { Exceptions, Place } from './progress.ts'
import type { Strikes } from './strikes.ts'
import type { JobEnd, WorkerHandle } from './worker-handle.ts'

/** What running a job needs of the pool. */
export interface JobRunner {
  /** A live worker: the pool's own, or a new one in place of one that broke. */
  worker(): Promise<WorkerHandle>
  readonly strikes: Strikes
  now(): number
  /** A number that no other job of the pool has. */
  nextId(): number
}

/**
 * Runs frames in a worker until they are done. When a step breaks the worker, that step is tried once more alone; if it
 * breaks again it goes to quarantine, and everything else stands. A worker that does not tell exactly where it broke runs the
 * job once more, traced. Rejects only when workers cannot run at all.
 */
export async function runJob(frames: readonly Frame[], runner: JobRunner): Promise<readonly FrameResult[]> {
  const places: Exceptions['places'][number][] = []
  const alones: Alone[] = []
  const failedFrames = new Map<number, Failure>()
  const seen = new Map<string, number>()
  let traced = false

  const attempt = async (exceptions: Exceptions): Promise<JobEnd> => {
    const worker = await runner.worker()
    return worker.run({
      id: runner.nextId(),
      frames: frames.map((frame, n) => (failedFrames.has(n) ? emptied(frame) : frame)),
      exceptions,
      traced,
    })
  }

  for (;;) {
    const suspended = runner.strikes.suspended(runner.now())
    const end = await attempt({ places, suspended })
    if (end.kind === 'done') {
      return end.results.map((result, n) => completed(result, n, frames, alones, failedFrames))
    }
    if (!end.exact) {
      traced = true
      continue
    }
    const { place } = end
    const times = (seen.get(keyOf(place)) ?? 0) + 1
    seen.set(keyOf(place), times)
    if (place.phase === 'matching') {
      const alone = await attempt({ places: [], only: place, suspended: [] })
      if (alone.kind === 'done') {
        runner.strikes.ran(place.rule)
        alones.push({ frame: place.frame, result: alone.results[place.frame]! })
        places.push({ place })
      } else {
        runner.strikes.failed(place.rule, runner.now())
        places.push({ place, failure: failureOf(alone) })
      }
    } else if (times >= 2) {
      if (place.phase === 'parsing') places.push({ place, failure: failureOf(end) })
      else if (place.phase === 'decoding') failedFrames.set(place.frame, failureOf(end))
      else if (frames.length > 1) return eachAlone(frames, runner)
      else if (!failedFrames.has(0)) failedFrames.set(0, failureOf(end))
      else throw new CodedError('WORKER_FAILED', `A worker broke before it began: ${end.message}`)
    }
  }
}

/** The worker broke beside its steps, such as under more results than it could hand over: one frame may be to blame. */
async function eachAlone(frames: readonly Frame[], runner: JobRunner): Promise<readonly FrameResult[]> {
  const results: FrameResult[] = []
  for (const frame of frames) results.push(...(await runJob([frame], runner)))
  return results
}

/** What the run of one pair alone brought forth. */
interface Alone {
  readonly frame: number
  readonly result: FrameResult
}

function failureOf(end: JobEnd & { kind: 'broke' }): Failure {
  const reason = ({ timeout: 'RULE_TIMEOUT', memory: 'RULE_MEMORY', crash: 'RULE_CRASHED' } as const)[end.why]
  return { reason, message: end.message }
}

const keyOf = ({ frame, phase, item, rule }: Place) => `${frame} ${phase} ${item} ${phase === 'matching' ? rule : ''}`

const emptied = (frame: Frame): Frame => ({ ...frame, bytes: new Uint8Array(0) })

function completed(
  result: FrameResult,
  n: number,
  frames: readonly Frame[],
  alones: readonly Alone[],
  failedFrames: ReadonlyMap<number, Failure>,
): FrameResult {
  const failure = failedFrames.get(n)
  if (failure) return unreadable(frames[n]!, failure)
  const more = alones.filter(({ frame }) => frame === n).map(({ result: alone }) => alone)
  if (more.length === 0) return result
  // The frame's records were read, counted and refused in this run too: only what the rule said is new.
  return {
    ...result,
    hits: [...result.hits, ...more.flatMap(({ hits }) => hits)],
    quarantine: [
      ...result.quarantine,
      ...more.flatMap(({ quarantine }) => quarantine.filter(({ kind }) => kind === 'verdict')),
    ],
    counts: [...result.counts, ...more.flatMap(({ counts }) => counts.filter(({ metric }) => ruleMetrics.has(metric)))],
  }
}

const ruleMetrics: ReadonlySet<Metric> = new Set(['hits', 'rule_errors'])

/** A stretch that broke the worker twice, with no step to blame but its decompression: kept as one entry of the quarantine. */
function unreadable(frame: Frame, failure: Failure): FrameResult {
  const { source, cluster, receivedAt, bytes } = frame
  const position = `${frame.origin}#${frame.offset}`
  const entry = {
    id: quarantineId(sha256, recordId(sha256, source, position, ''), ''),
    kind: 'record',
    reason: 'BODY_DAMAGED',
    message: `As a whole it broke the worker twice. ${failure.message}`,
    ...{ source, cluster, position, receivedAt },
    raw: bytes.slice(0, 1_048_576),
  } as const
  const counts = [{ metric: 'quarantined', labels: { source, cluster, reason: 'BODY_DAMAGED' }, n: 1 }] as const
  return { hits: [], quarantine: [entry], counts, bytes: frame.encoded ? 0 : bytes.byteLength, records: 1 }
}

const sha256 = (text: string) => hash('sha256', text, 'hex')
