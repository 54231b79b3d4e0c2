/** Entry of a thread that tests run in. Code compiled before is taken from disk. */
import { enableCompileCache } from 'node:module'

enableCompileCache()
await import('./rule-runner-thread.ts')
