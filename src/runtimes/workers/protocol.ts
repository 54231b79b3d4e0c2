import type { Alert, Frame, FrameResult, Framing, RuleInfo } from '../../core/contracts/index.ts'
import type { Place as ErrorPlace } from '../../core/errors.ts'
import type { Publication } from '../../core/publish.ts'
import type { Exceptions } from './progress.ts'

/** A problem of the project's code, in a form that crosses threads. */
export interface PlainProblem {
  readonly code: string
  readonly message: string
  readonly place: ErrorPlace
  readonly hint?: string
}

/** What a worker has loaded, as plain data. `rules` are in the order of their numbers. */
export interface LoadedCode {
  readonly rules: readonly RuleInfo[]
  readonly schemas: readonly string[]
  /** Source → the framings its candidate schemas use. */
  readonly framings: Readonly<Record<string, readonly Framing[]>>
  /** Files of the project that were imported, absolute. */
  readonly files: readonly string[]
  /** Schema → paths whose values terminals and logs do not show; schemas without any are left out. */
  readonly sensitive: Readonly<Record<string, readonly string[]>>
}

/** Main thread → worker. */
export interface Job {
  readonly id: number
  readonly frames: readonly Frame[]
  readonly exceptions: Exceptions
  /** Each step is told before it begins, however long that takes. */
  readonly traced: boolean
  /** Instead of frames: an alert that publishers, by name, are to speak of. */
  readonly publishing?: { readonly alert: Alert; readonly publishers: readonly string[] }
}

/** Worker → main thread. */
export type WorkerMessage =
  /** A file of the project (absolute) is about to be imported. */
  | { readonly type: 'importing'; readonly file: string }
  | ({ readonly type: 'ready' } & LoadedCode)
  | { readonly type: 'broken'; readonly problems: readonly PlainProblem[] }
  | { readonly type: 'done'; readonly id: number; readonly results: readonly FrameResult[] }
  | { readonly type: 'published'; readonly id: number; readonly publication: Publication }
  | { readonly type: 'failed'; readonly id: number; readonly message: string }
  /** Something that a rule left behind failed: a promise, a timer. */
  | { readonly type: 'stray'; readonly message: string }

/** Memory of a message that may move to the other thread instead of being copied: records on their way into history. */
export const movableIn = (message: WorkerMessage): ArrayBuffer[] =>
  message.type === 'done'
    ? message.results.flatMap(({ rows }) => rows?.pieces.map(({ buffer }) => buffer as ArrayBuffer) ?? [])
    : []
