/** A stream of bytes that comes once, such as standard input. Readers may follow one another: what one leaves, the next one gets. */
export interface Input {
  /** The next bytes; undefined when there are no more, or when `signal` aborted. Rejects when the stream broke. */
  read(signal: AbortSignal): Promise<Uint8Array | undefined>
  /** Gives bytes back: the next `read` begins with them. */
  putBack(bytes: Uint8Array): void
  /** True once all was read. */
  readonly ended: boolean
}
