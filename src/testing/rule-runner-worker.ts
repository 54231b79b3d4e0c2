/** Entry of a thread that tests run in. Code compiled before is taken from disk. */
import { enableCompileCache } from 'node:module'
import { getEnvironmentData } from 'node:worker_threads'

const folder = getEnvironmentData('compileCache')
enableCompileCache(typeof folder === 'string' ? folder : undefined)
await import('./rule-runner-thread.ts')
