import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { FrameResult } from '../../core/contracts/index.ts'
import { openSqliteStore } from '../../stores/index.ts'
import { projectFolder } from '../../testing/project-folder.ts'
import { commitOf, sampleHit } from '../../testing/store/samples.ts'
import { type Cli, type ExitCode, createCli } from '../cli.ts'
import { listRules, promoteRule, stageRule } from './rules.ts'

const rule = (name: string, options = '') => `
import { defineRule } from 'streamalert'
import { sshd } from 'streamalert/schemas'
console.log('loaded')
export default defineRule({
  name: '${name}', description: 'x', severity: 'high', schemas: [sshd], match: () => true, ${options}
})`

const files = {
  'streamalert.yaml': 'staging: { newRules: 48h, maxAlerts: 2 }',
  'rules/live.ts': rule('live'),
  'rules/off.ts': rule('off', 'enabled: false'),
  'rules/held.ts': rule('held', 'staged: true'),
}

/** Runs a command in this process; answers what it printed on stdout. */
async function printed(project: string, command: (cli: Cli) => Promise<ExitCode>, json = false): Promise<string> {
  let stdout = ''
  const streams = { stdout: { write: (text: string) => (stdout += text) }, stderr: { write: () => {} } }
  expect(await command(createCli({ project, json }, streams))).toBe(0)
  return stdout
}

const listed = async (dir: string) =>
  (await printed(dir, listRules, true))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object)

test('rules: state, hits, alerts, errors and the last hit of each; staged and promoted by hand', async () => {
  const dir = projectFolder(files)
  expect(await listed(dir)).toMatchObject([
    { rule: 'held', state: 'staged', hits: 0, staged: { until: null, maxAlerts: 2, alerts: 0 } },
    { rule: 'live', state: 'live', severity: 'high', alerts: 0, lastHit: null, staged: null, promoted: null },
    { rule: 'off', state: 'disabled', staged: null },
  ])

  // The first command that writes takes what is there for the beginning: `live` is not new, though new rules are staged.
  const promoted = JSON.parse(await printed(dir, (cli) => promoteRule(cli, 'held'), true)) as object
  expect(promoted).toEqual({ rule: 'held', state: 'live', until: null, changed: true })
  expect(await printed(dir, (cli) => promoteRule(cli, 'live'))).toBe('live was not staged.\n')
  expect(await printed(dir, (cli) => stageRule(cli, 'live', { for: 7_200_000 }))).toMatch(
    /^live is staged until 20.* UTC: its alerts are stored and not sent\.\n$/,
  )

  const store = openSqliteStore(join(dir, '.streamalert/state.db'))
  const counts: FrameResult['counts'] = [
    { metric: 'hits', labels: { rule: 'live' }, n: 1234 },
    { metric: 'rule_errors', labels: { rule: 'live', code: 'RULE_THREW' }, n: 2 },
    { metric: 'rule_errors', labels: { rule: 'live', code: 'title: x' }, n: 3 },
  ]
  const hits = [sampleHit({ n: 1, rule: 'live', mode: 'staged' }), sampleHit({ n: 2, rule: 'live' })]
  await store.commit(commitOf({ hits, counts, now: Date.now() + 1000 }))
  await store.close()

  const text = await printed(dir, listRules)
  expect(text).toMatch(/held +high +sshd +live +0 +0 +0\n/)
  expect(text).toMatch(/live +high +sshd +staged until 20\S+ \S+, 1 not sent +1,234 +2 +5 +20/)
  expect(await listed(dir)).toMatchObject([
    { rule: 'held', promoted: { by: 'hand' } },
    { rule: 'live', hits: 1234, alerts: 2, errors: 5, staged: { maxAlerts: 2, alerts: 1 } },
    { rule: 'off' },
  ])
}, 60_000)

test('of a rule that is not there the nearest is named', async () => {
  const dir = projectFolder(files)
  await expect(printed(dir, (cli) => promoteRule(cli, 'hold'))).rejects.toMatchObject({
    code: 'NOT_FOUND',
    hint: expect.stringContaining('held') as string,
  })
}, 60_000)
