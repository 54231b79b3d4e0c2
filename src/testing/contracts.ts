/**
 * What every source, output, decoder and store must show, as suites for vitest: `streamalert/testing/contracts`.
 * Built-in components call the same suites. Needs vitest beside it.
 */
export { decoderContract } from './decoder-contract.ts'
export * from './output-contract.ts'
export * from './source-contract.ts'
export { storeContract } from './store-contract.ts'
