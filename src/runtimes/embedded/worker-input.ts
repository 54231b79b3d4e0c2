import type { CodeRequest } from '../../project/index.ts'

/** What a worker is given when it starts: plain data. */
export interface WorkerInput {
  readonly code: CodeInput
  readonly maxBodyBytes: number
}

/** What of a project the evaluation needs. */
export interface CodeInput extends CodeRequest {
  /** Outputs that every alert goes to besides those its rule names. */
  readonly everyOutput: readonly string[]
}
