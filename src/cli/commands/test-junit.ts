import type { RuleTestResult, Verdict } from '../../testing/rule-runner.ts'
import { type CodedError, formatProblem } from '../../core/errors.ts'

/**
 * Results as JUnit XML, as CI systems read it (https://github.com/testmoapp/junitxml): a suite for each rule. What could not
 * be tested at all is a suite of its own.
 */
export function junitReport(results: readonly RuleTestResult[], problems: readonly CodedError[]): string {
  const suites = [...Map.groupBy(results, ({ rule }) => rule)].map(([rule, cases]) =>
    suite(
      rule,
      cases.map((one) => ({ name: one.name, ...(one.ok ? {} : { failure: failureOf(one) }) })),
    ),
  )
  if (problems.length > 0) {
    suites.push(
      suite(
        'problems',
        problems.map((problem) => ({ name: problem.place.file ?? problem.code, failure: formatProblem(problem) })),
      ),
    )
  }
  const failures = results.filter(({ ok }) => !ok).length + problems.length
  const total = results.length + problems.length
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="streamalert" tests="${total}" failures="${failures}">`,
    ...suites,
    '</testsuites>\n',
  ].join('\n')
}

interface Case {
  readonly name: string
  /** Absent when it passed. */
  readonly failure?: string
}

function suite(name: string, cases: readonly Case[]): string {
  const failures = cases.filter(({ failure }) => failure !== undefined).length
  const lines = cases.map((one) => {
    const head = `    <testcase classname="${escaped(name)}" name="${escaped(one.name)}"`
    if (one.failure === undefined) return `${head}/>`
    const message = escaped(one.failure.split('\n')[0] ?? '')
    return `${head}>\n      <failure message="${message}">${escaped(one.failure)}</failure>\n    </testcase>`
  })
  const tags = `  <testsuite name="${escaped(name)}" tests="${cases.length}" failures="${failures}">`
  return [tags, ...lines, '  </testsuite>'].join('\n')
}

function failureOf({ expected, actual, error }: RuleTestResult): string {
  return error ? `${error.code} ${error.message}` : `expected ${shown(expected)}, found ${shown(actual)}`
}

const shown = (verdict: Verdict | null) => JSON.stringify(verdict)

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // Attributes would turn them into spaces.
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
}

/** Text within XML 1.0. Characters that XML cannot hold (https://www.w3.org/TR/xml/#charsets) become U+FFFD. */
const escaped = (text: string): string =>
  text
    .toWellFormed()
    // oxlint-disable-next-line no-control-regex
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"\n\r\t]/g, (char) => entities[char]!)
