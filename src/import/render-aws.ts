import type { AwsDraft } from './aws.ts'

/** A text on one line, whatever it holds. */
const line = (text: string) => text.replace(/[\p{Cc}\u2028\u2029]/gu, ' ')

/** JSON is YAML: within it nothing can be taken for anything else. */
const value = (given: unknown) => JSON.stringify(given)

/** The section `aws` of streamalert.yaml, as comments: nothing is deployed before a person has looked it over. */
export function renderAws(aws: AwsDraft | undefined): string[] {
  if (!aws) return []
  const { region, prefix, account, options: general, clusters, notes } = aws
  const options = clusters.flatMap(({ name, options: given, notes: left }) => [
    `    ${value(name)}:${Object.keys(given).length === 0 ? ' {}' : ''}`,
    ...Object.entries(given).map(([option, what]) => `      ${option}: ${value(what)}`),
    ...left.map((note) => `      # ${note}`),
  ])
  return [
    '',
    '# What was deployed to AWS. Look it over, then take the first "# " of each line away; docs/deploy-aws.md tells the rest.',
    ...[
      'aws:',
      `  region: ${value(region)}`,
      `  prefix: ${value(prefix)}`,
      ...(account === undefined ? [] : [`  account: ${value(account)}`]),
      ...Object.entries(general).map(([option, what]) => `  ${option}: ${value(what)}`),
      ...notes.map((note) => `  # ${note}`),
      ...(clusters.length === 0 ? [] : ['  clusters:', ...options]),
    ].map((text) => line(`# ${text}`)),
  ]
}
