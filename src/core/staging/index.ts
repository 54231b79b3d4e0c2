export { type Changed, type ChangeOptions, changeLife, type StagingChange } from './change.ts'
export { type DigestOptions, digestHit, digestRule, digestSchema } from './digest.ts'
export { lifePrefix, readLives, writeLives } from './entries.ts'
export * from './life.ts'
