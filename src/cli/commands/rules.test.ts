import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { FrameResult } from '../../core/contracts/index.ts'
import { openSqliteStore } from '../../stores/index.ts'
import { projectFolder } from '../../testing/project-folder.ts'
import { commitOf, sampleHit } from '../../testing/store/samples.ts'
import { streamalert } from '../fixture.ts'

const rule = (name: string, options = '') => `
import { defineRule } from 'streamalert'
import { sshd } from 'streamalert/schemas'
console.log('loaded')
export default defineRule({
  name: '${name}', description: 'x', severity: 'high', schemas: [sshd], match: () => true, ${options}
})`

const rules = {
  'streamalert.yaml': 'staging: { newRules: 48h, maxAlerts: 2 }',
  'rules/live.ts': rule('live'),
  'rules/off.ts': rule('off', 'enabled: false'),
  'rules/held.ts': rule('held', 'staged: true'),
}

test('rules list: state, hits, alerts, errors and the last hit of each rule', async () => {
  const dir = projectFolder(rules)
  const before = await streamalert(['rules', 'list', '--json'], { cwd: dir })
  expect(before.code).toBe(0)
  expect(before.lines).toMatchObject([
    { rule: 'held', state: 'staged', hits: 0, staged: { until: null, maxAlerts: 2, alerts: 0 } },
    { rule: 'live', state: 'live', severity: 'high', alerts: 0, lastHit: null, staged: null, promoted: null },
    { rule: 'off', state: 'disabled', staged: null },
  ])

  // The first command to write takes what is there for the beginning: a rule that comes after it is new.
  const promoted = await streamalert(['rules', 'promote', 'held', '--json'], { cwd: dir })
  expect(promoted.lines).toEqual([{ rule: 'held', state: 'live', until: null, changed: true }])
  expect(await streamalert(['rules', 'stage', 'live', '--for', '2h'], { cwd: dir })).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^live is staged until 20.* UTC: its alerts are stored and not sent\.\n$/) as string,
  })
  const store = openSqliteStore(join(dir, '.streamalert/state.db'))
  const now = Date.now() + 1000
  const counts: FrameResult['counts'] = [
    { metric: 'hits', labels: { rule: 'live' }, n: 1234 },
    { metric: 'rule_errors', labels: { rule: 'live', code: 'RULE_THREW' }, n: 2 },
    { metric: 'rule_errors', labels: { rule: 'live', code: 'title: x' }, n: 3 },
  ]
  const hits = [sampleHit({ n: 1, rule: 'live', mode: 'staged' }), sampleHit({ n: 2, rule: 'live' })]
  await store.commit(commitOf({ hits, counts, now }))
  await store.close()

  const { stdout } = await streamalert(['rules', 'list'], { cwd: dir })
  expect(stdout).toMatch(/held +high +sshd +live +0 +0 +0\n/)
  expect(stdout).toMatch(/live +high +sshd +staged until 20\S+ \S+, 1 not sent +1,234 +2 +5 +20/)
  const after = await streamalert(['rules', 'list', '--json'], { cwd: dir })
  expect(after.lines[0]).toMatchObject({ promoted: { by: 'hand' } })
  expect(after.lines[1]).toMatchObject({ hits: 1234, alerts: 2, errors: 5, staged: { maxAlerts: 2, alerts: 1 } })
}, 60_000)

test('rules promote: of a rule that is not there the nearest is named; of one that is live nothing changes', async () => {
  const dir = projectFolder(rules)
  const unknown = await streamalert(['rules', 'promote', 'hold'], { cwd: dir })
  expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('Did you mean "held"?') as string })
  const live = await streamalert(['rules', 'promote', 'live'], { cwd: dir })
  expect(live).toMatchObject({ code: 0, stdout: 'live was not staged.\n' })
  const wrong = await streamalert(['rules', 'stage', 'live', '--for', 'ever'], { cwd: dir })
  expect(wrong.code).toBe(2)
}, 60_000)
