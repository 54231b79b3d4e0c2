import { packageFile, packageModule } from './resolve.ts'

/**
 * What a thread is started with that runs a module of this package: `new Worker(entry, { argv })`. `path` is the module's, without
 * extension, below the folder that holds `src`.
 */
export const threadEntry = (path: string): { readonly entry: URL; readonly argv: string[] } => ({
  entry: packageFile('bin/thread.js'),
  argv: [packageModule(path).href],
})
