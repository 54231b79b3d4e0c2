import type { Committed, FrameResult, LogLine, Settlement } from '../../core/contracts/index.ts'
import type { CodedError } from '../../core/errors.ts'
import type { Project } from '../../project/index.ts'
import type { LoadedCode } from '../workers/protocol.ts'

/** What an engine tells whoever started it. */
export interface EngineEvents {
  /** Sources are about to be read. Called again after each reload. */
  started?(project: Project, loaded: LoadedCode): void
  committed?(committed: Committed, results: readonly FrameResult[]): void
  settled?(settlement: Settlement): void
  /** For the first time all that the sources held has been read and sent. */
  caughtUp?(): void
  /** An edit of the project does not load: the engine goes on with what it had. */
  reloadFailed?(problems: readonly CodedError[]): void
  log(line: LogLine): void
}
