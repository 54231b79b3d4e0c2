/** Entry of a worker thread. The code it loads is compiled once and kept on disk, which halves the time to the first alert. */
import { enableCompileCache } from 'node:module'

enableCompileCache()
await import('./evaluation-thread.ts')
