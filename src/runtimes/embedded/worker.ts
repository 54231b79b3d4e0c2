/**
 * Entry of a worker thread. The code it loads is compiled once and kept on disk, which halves the time to the first alert;
 * where, `bin/streamalert.js` says.
 */
import { enableCompileCache } from 'node:module'
import { getEnvironmentData } from 'node:worker_threads'
import { resolveOwnImports } from '../../project/own-imports.ts'

const folder = getEnvironmentData('compileCache')
enableCompileCache(typeof folder === 'string' ? folder : undefined)
resolveOwnImports()
await import('./evaluation-thread.ts')
