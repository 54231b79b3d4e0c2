import type { Publication } from '../publish.ts'
import type { Alert } from './alert.ts'

/** What goes to an output. */
export interface Message {
  /** The facts: id, rule, severity, the whole record. */
  readonly alert: Alert
  /** What to say of it: the default publication, or what the publishers made of it. */
  readonly publication: Publication
  /** For an alert that updates another: what `send` answered when that one went to this output. */
  readonly earlier?: string
}

/** Where alerts go. */
export interface Output {
  /**
   * Sends one alert; resolves when the far end has it. May be called again with the same alert after a crash, so the
   * alert's id goes along. Throws a CodedError: with `retry: 'later'` it is tried again (network, 429, 5xx), else the
   * delivery is dead and waits for a person.
   *
   * May answer a receipt of at most 1,000 characters, such as the vendor's name of the incident or thread that was made:
   * it is stored with the delivery, and given as `earlier` with an update of this alert.
   */
  send(message: Message, signal: AbortSignal): Promise<string | undefined | void>
  close?(): Promise<void>
}
