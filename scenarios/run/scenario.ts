import { cpSync, globSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/** `scenario.json` of a scenario's folder. */
interface Described {
  /** For people. */
  readonly about: string
  /** Folder of this repository → what of it belongs to the project, beside what lies in the scenario's own folder. */
  readonly from?: Readonly<Record<string, readonly string[]>>
  /** Small enough for every run of the tests; others are run where they are asked for. Default: false. */
  readonly always?: boolean
  /** What the clock says while records are read; each of them is older. */
  readonly now: string
}

/**
 * A project, what comes in, and what is to go out. A folder `scenarios/NAME` holds `scenario.json`, the project's files (`streamalert.yaml`,
 * `rules`, …), `input/*` (objects of the bucket, by name) and `alerts.ndjson`: the body of each request to the webhook, by its id.
 */
export interface Scenario {
  readonly name: string
  /** A copy of the project, which may be written to. */
  readonly projectDir: string
  readonly always: boolean
  /** Epoch milliseconds. */
  readonly now: number
  readonly objects: readonly { readonly key: string; readonly bytes: Buffer }[]
  /** The file of what is to go out. */
  readonly expected: string
}

export const scenarioNames = (): readonly string[] =>
  globSync('*/scenario.json', { cwd: join(root, 'scenarios') })
    .map((file) => file.split(/[\\/]/)[0]!)
    .toSorted()

export function openScenario(name: string): Scenario {
  const folder = join(root, 'scenarios', name)
  const {
    from = {},
    always = false,
    now,
  } = JSON.parse(readFileSync(join(folder, 'scenario.json'), 'utf8')) as Described
  const projectDir = mkdtempSync(join(tmpdir(), `streamalert-${name}-`))
  for (const [other, parts] of Object.entries(from))
    for (const part of parts) cpSync(join(root, other, part), join(projectDir, part), { recursive: true })
  cpSync(folder, projectDir, { recursive: true, filter: (path) => path !== join(folder, 'input') })
  const keys = globSync('**/*.*', { cwd: join(folder, 'input') }).toSorted()
  return {
    ...{ name, projectDir, always, now: Date.parse(now), expected: join(folder, 'alerts.ndjson') },
    objects: keys.map((key) => ({ key, bytes: readFileSync(join(folder, 'input', key)) })),
  }
}
