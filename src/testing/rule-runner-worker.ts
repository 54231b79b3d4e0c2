/** First module of a thread that tests run in. */
import { resolveOwnImports } from '../project/own-imports.ts'

resolveOwnImports()
await import('./rule-runner-thread.ts')
