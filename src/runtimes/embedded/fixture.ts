/** A small project for the engine's own tests: one log type, records numbered from 0, and rules given as text. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { LogLine } from '../../core/contracts/index.ts'
import { registerResolve } from '../../project/index.ts'
import { openSqliteStore } from '../../stores/sqlite/index.ts'
import { projectFolder } from '../../testing/project-folder.ts'
import { type Engine, startEngine } from './engine.ts'
import type { EngineEvents } from './events.ts'

const schema = `
import { defineSchema } from 'streamalert'
import { json } from 'streamalert/parsers'
export const app = defineSchema({
  name: 'app:events', description: 'Events of an application.', parse: json(), time: 'at',
  fields: { at: 'timestamp', n: 'integer', app: 'string' },
})
`

/** The text of a rule file: `body` is the inside of its \`match\`, `options` are further options. */
export const ruleText = (name: string, body: string, options = '') => `
import { defineRule } from 'streamalert'
import { app } from '../schemas/app.ts'
export default defineRule({
  name: '${name}', description: 'A rule.', severity: 'low', schemas: [app], ${options}
  match: (record) => { ${body} },
})
`

export const recordLine = (n: number, at = '2026-03-01T10:00:00Z') => `${JSON.stringify({ at, n, app: 'demo' })}\n`

const logFiles = `sources: { file: { app: { paths: ['logs/*'], schemas: ['app:events'] } } }`

const config = (sources: string, ruleTimeout: string, count: number, workers: string) => `
${sources}
outputs: { file: { alerts: { path: alerts.jsonl } } }
defaults: { outputs: ['file:alerts'] }
terminal: false
workers: { count: ${count}, memory: 96MB, ruleTimeout: ${ruleTimeout}, ${workers} }
`

/** Writes the project; `rules`: name → text of its file, `count`: workers, each of which takes its time to start, `workers`: their further options, `sources`: that section, `more`: further sections of its configuration. Answers its folder. */
export function appProject(
  rules: Readonly<Record<string, string>>,
  { records = 50, ruleTimeout = '400ms', count = 1, workers = '', sources = logFiles, more = '' } = {},
): string {
  const files = Object.fromEntries(Object.entries(rules).map(([name, text]) => [`rules/${name}.ts`, text]))
  const log = Array.from({ length: records }, (_, n) => recordLine(n)).join('')
  return projectFolder({
    'streamalert.yaml': config(sources, ruleTimeout, count, workers) + more,
    'schemas/app.ts': schema,
    'logs/a.json': log,
    ...files,
  })
}

export function startProject(
  dir: string,
  {
    once,
    now,
    env = {},
    ...options
  }: { once: boolean; events?: Partial<EngineEvents>; now?: () => number; env?: Record<string, string> },
): Promise<Engine> {
  registerResolve()
  const screen = { colour: false, columns: 80, write: () => {} }
  const log: (line: LogLine) => void = () => {}
  const events = { log, ...options.events }
  return startEngine({ projectDir: dir, once, screen, env, events, ...(now && { now }) })
}

/** Waits until something holds: the time it takes is not what is tested. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if (await holds()) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('it never came to hold')
}

/** What the store of a project holds. */
export async function inspect(dir: string) {
  const store = openSqliteStore(join(dir, '.streamalert', 'state.db'), { readOnly: true })
  try {
    return {
      alerts: (await store.alerts({ limit: 10_000 })).map(({ alert }) => alert),
      quarantine: await store.quarantine({ limit: 10_000 }),
      errors: await store.counts('rule_errors'),
    }
  } finally {
    await store.close()
  }
}

export const removeFolder = (dir: string) => rmSync(dir, { recursive: true, force: true })
