export { createMemoryStore } from './memory.ts'
export { openSqliteStore } from './sqlite/index.ts'
export type { SqliteOptions } from './sqlite/index.ts'
