/**
 * What every source, output, decoder and store must show, as suites for vitest: `streamalert/testing/contracts`.
 * Built-in components call the same suites. Needs vitest beside it.
 */
export { decoderContract } from './decoder-contract.ts'
export * from './output-contract.ts'
export { createOutputHost, type OutputHostOptions } from './output-host.ts'
export { messageOf, sampleAlert } from './sample-alert.ts'
export * from './source-contract.ts'
export { createSourceHost, type SourceHostOptions } from './source-host.ts'
export { storeContract } from './store-contract.ts'
