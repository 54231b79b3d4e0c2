import { expect, test } from 'vitest'
import { expose, type Family, formatFor } from './exposition.ts'

const families: readonly Family[] = [
  {
    ...{ name: 'a_records', type: 'counter', help: 'Records, by "source" \\ and\nline.' },
    samples: [{ labels: { source: 'http:"x"\\\n', cluster: 'prod' }, value: 3 }, { value: 1e21 }],
  },
  {
    name: 'a_rate',
    type: 'gauge',
    help: 'Rate.',
    samples: [{ value: Number.POSITIVE_INFINITY }, { value: Number.NaN }],
  },
  { name: 'a_none', type: 'gauge', help: 'Nothing.', samples: [] },
]

test('text 0.0.4: counters under their whole names; what must be escaped is', () => {
  expect(expose(families, 'text')).toBe(
    [
      '# HELP a_records_total Records, by "source" \\\\ and\\nline.',
      '# TYPE a_records_total counter',
      'a_records_total{source="http:\\"x\\"\\\\\\n",cluster="prod"} 3',
      'a_records_total 1e+21',
      '# HELP a_rate Rate.',
      '# TYPE a_rate gauge',
      'a_rate +Inf',
      'a_rate NaN',
      '',
    ].join('\n'),
  )
})

test('OpenMetrics: counters described by the name of their family, and an end', () => {
  const text = expose(families, 'openmetrics')
  expect(text).toContain(
    '# HELP a_records Records, by \\"source\\" \\\\ and\\nline.\n# TYPE a_records counter\na_records_total{',
  )
  expect(text).toMatch(/\n# EOF\n$/)
  expect(expose([{ ...families[0]!, samples: [{ labels: { a: '\ud800' }, value: 0 }] }], 'openmetrics')).toContain(
    '"\ufffd"',
  )
})

test('a scraper gets the format it asks for', () => {
  expect(formatFor('application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5')).toBe('openmetrics')
  expect([formatFor(), formatFor('*/*')]).toEqual(['text', 'text'])
})
