/** A user's project folder: its configuration, its code, and how its code finds this package. */
export { keepRoom, makeCodeStoppable } from './v8-flags.ts'
export { type CodeRequest, codeOf, libraryRequest } from './code-request.ts'
export type { ProjectCode } from './code.ts'
export type { ConfiguredLookup, ConfiguredOutput, ConfiguredSource } from './components.ts'
export type { Config } from './config.ts'
export { config, configFile, lookupOptions, outputOptions, sourceOptions } from './config.ts'
export { deliveryTo, type OutputDelivery } from './delivery.ts'
export { onlyStdin, type StdinChoice } from './only-stdin.ts'
export type { Kinds, Project } from './load.ts'
export { type LibraryRule, libraryHome, libraryRules } from './library.ts'
export { inspectProject, loadProject, outputNames, stateFile, stateFolder, terminalOutput } from './load.ts'
export { packageFile, packageModule, registerResolve } from './resolve.ts'
export {
  checkSecrets,
  openSecrets,
  type ProjectSecrets,
  type SecretSurroundings,
} from './open-secrets.ts'
