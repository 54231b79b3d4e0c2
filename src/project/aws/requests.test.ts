import { expect, test } from 'vitest'
import type { CodedError } from '../../core/errors.ts'
import { http } from '../../sources/http/index.ts'
import { defaultCluster } from './config.ts'
import { ingestSecrets, requestSecrets } from './requests.ts'

const source = (name: string, cluster: string, options: object) => ({
  ...{ name: `http:${name}`, kind: http, cluster, place: { file: 'streamalert.yaml' } },
  options: http.config.parse(options),
})
const use = (name: string, option: string) => ({ name, option, place: {} })

const project = {
  sources: [
    source('hooks', 'prod', {
      tokens: ['secret:A', 'secret:B#key'],
      signatures: [{ scheme: 'github', key: 'secret:C' }],
    }),
    source('everybody', 'prod', {}),
    source('topics', 'prod', { sns: { topics: ['arn:aws:sns:eu-west-1:123456789012:t'] } }),
    source('elsewhere', 'office', { tokens: ['secret:D'] }),
  ],
  secretUses: [
    use('A', 'sources.http.hooks.tokens.0'),
    use('B#key', 'sources.http.hooks.tokens.1'),
    use('C', 'sources.http.hooks.signatures.0.key'),
    use('D', 'sources.http.elsewhere.tokens.0'),
    use('E', 'outputs.slack.security.url'),
  ],
}
const settingsWith = (wanted: string | undefined) => ({
  ...defaultCluster(),
  http: wanted === undefined ? true : { source: wanted },
})

test('the reading function gets the secrets of the source that lets senders in, and no other', () => {
  const problems: CodedError[] = []
  const secretsOf = (wanted: string | undefined) =>
    requestSecrets({ name: 'prod', settings: settingsWith(wanted) }, project, problems)
  expect(secretsOf('http:hooks')).toEqual(['A', 'B', 'C'])
  expect(secretsOf('http:topics')).toEqual([])
  expect(secretsOf(undefined)).toBeUndefined()
  expect(problems).toEqual([])
  expect(ingestSecrets(project, { prod: settingsWith('http:hooks'), office: settingsWith('http:elsewhere') })).toEqual([
    'A',
    'B',
    'C',
    'D',
  ])
})

test.each([
  ['http:nothing', 'there is no source "http:nothing" of this cluster'],
  ['http:elsewhere', 'there is no source "http:elsewhere" of this cluster'],
  ['http:everybody', 'http:everybody says of nobody that he may send'],
])('an address that would be open to all is not made: %s', (wanted, message) => {
  const problems: CodedError[] = []
  requestSecrets({ name: 'prod', settings: settingsWith(wanted) }, project, problems)
  expect(problems).toMatchObject([{ code: 'CONFIG_INVALID', message: `aws.clusters.prod.http: ${message}.` }])
})
