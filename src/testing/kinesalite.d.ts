/** kinesalite, an emulator of Amazon Kinesis, comes without types. */
declare module 'kinesalite' {
  import type { Server } from 'node:http'
  /** Times are how long a stream takes to change its state, milliseconds. */
  export default function kinesalite(options: {
    readonly createStreamMs?: number
    readonly updateStreamMs?: number
    readonly deleteStreamMs?: number
    readonly shardLimit?: number
  }): Server
}
