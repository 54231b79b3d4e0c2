/**
 * Entry of the threads of this package: runs the module that is its argument. Compiled code is taken from disk, and kept there, from
 * the first module of ours on; where, `streamalert.js` says. Plain JavaScript, as Node would load its compiler for a first module in
 * TypeScript, which takes longer than all that follows.
 */
import { enableCompileCache, flushCompileCache } from 'node:module'
import { getEnvironmentData } from 'node:worker_threads'

const folder = getEnvironmentData('compileCache')
enableCompileCache(typeof folder === 'string' ? folder : undefined)
await import(process.argv[2])
// A thread that is ended from outside would keep nothing.
flushCompileCache()
