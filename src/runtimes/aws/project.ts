import type { OutputKind } from '../../core/component.ts'
import type { FrameLimits } from '../../core/ingest/index.ts'
import type { StagingConfig } from '../../core/staging/index.ts'
import type { LogLine, PublisherNames, RateLimit, RuleInfo, Segments } from '../../core/contracts/index.ts'
import type { Config } from '../../project/index.ts'
import type { OutputDelivery } from '../../project/delivery.ts'
import type { Kept } from '../../stores/aws-dynamodb/index.ts'
import type { StretchLimits } from '../../sources/aws-s3/stretches.ts'
import type { Served } from '../workers/serve.ts'
import type { createRequests } from './requests.ts'
import type { StartEvaluation } from './evaluation.ts'
import type { Place, Surroundings } from './surroundings.ts'

/** What both functions know of a project; `streamalert build` writes it into their code. */
export interface Common {
  /** Output → its rate limit, as entries. */
  readonly rates: readonly (readonly [string, RateLimit])[]
  readonly kept: Kept
  readonly limits: {
    readonly latenessMs: number
    readonly maxTries: number
    readonly maxAgeMs: number
    readonly timeoutMs: number
  }
}

/** A source as configured. */
export interface BuiltSource {
  /** `kind:name`. */
  readonly name: string
  readonly kind: string
  readonly cluster: string
  readonly schemas?: readonly string[]
  /** As the kind has checked them. */
  readonly options: unknown
}

/** What the function that reads knows of a project. */
export interface IngestProject extends Common {
  readonly sources: readonly BuiltSource[]
  readonly evaluation: StartEvaluation
  /** How rules begin that are new. Default: as any other. */
  readonly staging?: StagingConfig
  /** Senders that cannot sign with IAM: what answers them, and cluster → the source whose tokens and signatures let them in. Default: none. */
  readonly requests?: { readonly serve: typeof createRequests; readonly sources: Readonly<Record<string, string>> }
  /** Into which stretches large objects are divided. Default: for functions as Lambda has them. */
  readonly stretches?: StretchLimits
  /** How bodies are cut. Default: that of the core. */
  readonly frames?: FrameLimits
  /** Classified records go into history; the evaluation gives them. Default: false. */
  readonly keepsRecords?: boolean
  /** What takes them. Default: segments in the bucket. */
  readonly history?: OpenHistory
}

/** Makes the port of history when the function starts. */
export type OpenHistory = (host: HistoryHost) => Segments

/** What it may use of the function. */
export interface HistoryHost {
  readonly place: Place
  readonly around: Surroundings
  log(line: LogLine): void
  /** Of the invocation that is under way. */
  timeLeftMs(): number
}

/** The code of a project, as a worker of a function has it: schemas and rules where records are read, publishers where alerts are sent. */
export type WorkerCode = Pick<Served, 'schemas' | 'rules' | 'tables' | 'sources'> &
  Partial<Pick<Served, 'publishers'>> &
  Pick<IngestProject, 'keepsRecords'>

/** What is looked after each minute. */
export interface Upkeep {
  readonly config: Pick<Config, 'staging' | 'health'>
  readonly rules: readonly RuleInfo[]
  readonly sources: readonly { readonly name: string; readonly cluster: string; readonly silentAfterMs?: number }[]
}

/** What the function that sends knows of a project. */
export interface DispatchProject extends Common {
  readonly upkeep?: Upkeep
  readonly outputs: readonly {
    readonly name: string
    readonly kind: OutputKind
    readonly options: unknown
    readonly publishers: readonly string[]
    readonly delivery: OutputDelivery
  }[]
  /** Where publishers run. Undefined: the project has none. */
  readonly publishing?: StartEvaluation
  /** Rule → its publishers. */
  readonly publishersOfRules: ReadonlyMap<string, PublisherNames>
  /** Schema → paths whose values people are not shown. */
  readonly sensitive: Readonly<Record<string, readonly string[]>>
}
