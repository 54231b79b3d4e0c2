import type { Alert } from './alert.ts'

/** Where alerts go. */
export interface Output {
  /**
   * Sends one alert; resolves when the far end has it. May be called again with the same alert after a crash, so the
   * alert's id goes along. Throws a CodedError: with `retry: 'later'` it is tried again (network, 429, 5xx), else the
   * delivery is dead and waits for a person.
   */
  send(alert: Alert, signal: AbortSignal): Promise<void>
  close?(): Promise<void>
}
