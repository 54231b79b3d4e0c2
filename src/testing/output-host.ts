import type { OutputHost } from '../core/component.ts'
import type { LogLine } from '../core/contracts/index.ts'
import { CodedError } from '../core/errors.ts'

export interface OutputHostOptions {
  /** `kind:name`. Default `test:output`. */
  readonly name?: string
  readonly projectDir?: string
  /** Secret name → value. */
  readonly secrets?: Readonly<Record<string, string>>
  /** Gets what the output logs. */
  readonly lines?: LogLine[]
}

/** Surroundings of an output that are real where it matters; the clock stands at 2026-02-03T10:02:12Z. */
export function createOutputHost(options: OutputHostOptions = {}): OutputHost {
  const { name = 'test:output', projectDir = '/nonexistent', secrets = {}, lines = [] } = options
  return {
    name,
    projectDir,
    fetch: globalThis.fetch,
    now: () => 1_770_112_932_000,
    log: (line) => void lines.push(line),
    async secret(secret) {
      const value = secrets[secret]
      if (value === undefined) throw new CodedError('SECRET_MISSING', `The secret "${secret}" has no value.`)
      return value
    },
    screen: { colour: false, columns: 80, write: () => {} },
    sensitive: () => [],
  }
}
