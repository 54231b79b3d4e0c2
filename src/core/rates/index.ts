export * from './admission.ts'
export * from './digest.ts'
