import type { Code } from './errors.ts'

/** The codes a component has for its failures. */
export interface FailureCodes {
  /** It may work later: the network, throttling, a fault of the far end, keys that are not there yet. */
  readonly unavailable: Code
  /** A person has to change the configuration or a permission. */
  readonly misconfigured: Code
  /** The far end does not take what was sent. */
  readonly rejected: Code
}

export const outputFailures: FailureCodes = {
  unavailable: 'OUTPUT_UNAVAILABLE',
  misconfigured: 'OUTPUT_MISCONFIGURED',
  rejected: 'OUTPUT_REJECTED',
}

export const sourceFailures: FailureCodes = {
  unavailable: 'SOURCE_FAILED',
  misconfigured: 'SOURCE_MISCONFIGURED',
  rejected: 'SOURCE_FAILED',
}
