/** Entry of a thread that tests run in. Code compiled before is taken from disk. */
import { enableCompileCache } from 'node:module'
import { getEnvironmentData } from 'node:worker_threads'
import { resolveOwnImports } from '../project/own-imports.ts'

const folder = getEnvironmentData('compileCache')
enableCompileCache(typeof folder === 'string' ? folder : undefined)
resolveOwnImports()
await import('./rule-runner-thread.ts')
