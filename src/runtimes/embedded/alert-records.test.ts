import { afterAll, expect, it } from 'vitest'
import { appProject, inspect, removeFolder, ruleText, startProject } from './fixture.ts'

const folders: string[] = []
afterAll(() => folders.forEach(removeFolder))

const overAlerts = (name: string, options: string) => `
import { defineRule } from 'streamalert'
import { streamalertAlerts } from 'streamalert/schemas'
export default defineRule({
  name: '${name}', description: 'A rule over alerts.', severity: 'high', schemas: [streamalertAlerts], ${options}
})
`

it('rules see the alerts of other rules, updates too, each once, and never those of rules over alerts', async () => {
  const rules = {
    single: ruleText('single', 'return record.n < 3'),
    merged: ruleText('merged', 'return true', `merge: { by: ['app'], window: '1h' },`),
    each: overAlerts('each', `match: () => true, title: (alert) => alert.rule,`),
    counted: overAlerts(
      'counted',
      `where: { rule: 'single' }, threshold: { count: 3, per: ['record.app'], window: '1h' },`,
    ),
  }
  const dir = appProject(rules, { records: 5 })
  folders.push(dir)
  for (let runs = 0; runs < 2; runs++) {
    await (await startProject(dir, { once: true })).finished
    const { alerts, quarantine } = await inspect(dir)
    expect(quarantine).toEqual([])
    const of = (rule: string) => alerts.filter((alert) => alert.rule === rule)
    expect(of('single')).toHaveLength(3)
    expect(of('merged')).toHaveLength(2)
    expect(
      of('each')
        .map(({ title }) => title)
        .toSorted(),
    ).toEqual(['merged', 'merged', 'single', 'single', 'single'])
    expect(of('each').map(({ cluster, source, schema }) => `${cluster} ${source} ${schema}`)[0]).toBe(
      'default streamalert:alerts streamalert:alerts',
    )
    expect(of('counted')).toMatchObject([{ mergedFrom: { count: 3, by: { 'record.app': 'demo' } } }])
  }
}, 60_000)
