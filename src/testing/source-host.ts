import { join } from 'node:path'
import type { SourceCount, SourceHost } from '../core/component.ts'
import type { LogLine } from '../core/contracts/index.ts'
import { CodedError } from '../core/errors.ts'
import { decoders } from '../decoders/index.ts'

export interface SourceHostOptions extends Pick<SourceHost, 'projectDir' | 'state'> {
  /** `kind:name`. Default `test:source`. */
  readonly name?: string
  /** Secret name → value. */
  readonly secrets?: Readonly<Record<string, string>>
  /** Gets what the source logs. */
  readonly lines?: LogLine[]
  /** Gets what the source counts. */
  readonly counts?: Map<SourceCount, number>
}

/** Surroundings of a source, with the real clock; its own folder lies in `projectDir`. */
export function createSourceHost(options: SourceHostOptions): SourceHost {
  const { name = 'test:source', projectDir, state, secrets = {}, lines = [], counts = new Map() } = options
  return {
    name,
    projectDir,
    state,
    dataDir: join(projectDir, '.streamalert', 'sources', name.replace(':', '-')),
    decoders,
    now: () => Date.now(),
    log: (line) => void lines.push(line),
    async secret(secret) {
      const value = secrets[secret]
      if (value === undefined) throw new CodedError('SECRET_MISSING', `The secret "${secret}" has no value.`)
      return value
    },
    count: (what, n = 1) => void counts.set(what, n + (counts.get(what) ?? 0)),
  }
}
