/** First module of a worker thread. */
import { resolveOwnImports } from '../../project/own-imports.ts'

resolveOwnImports()
await import('./evaluation-thread.ts')
