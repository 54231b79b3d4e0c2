import { describe, expect, test } from 'vitest'
import { accountOf, allowsEverybody, allowsEverything } from './policy.ts'

const statement = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' }
const policy = (changes: object) => ({ Statement: [{ ...statement, ...changes }] })
const when = (condition: object) => policy({ Condition: condition })

describe('who is everybody', () => {
  test.each<[string, unknown]>([
    ['a star', policy({})],
    ['a policy as text', JSON.stringify(policy({}))],
    ['a single statement', { Statement: statement }],
    ['a star as account', policy({ Principal: { AWS: '*' } })],
    ['a star among accounts', policy({ Principal: { AWS: ['arn:aws:iam::111122223333:root', '*'] } })],
    ['any role of any account', policy({ Principal: { AWS: 'arn:aws:iam::*:role/reader' } })],
    ['all but one', policy({ Principal: undefined, NotPrincipal: { AWS: 'arn:aws:iam::111122223333:root' } })],
    ['behind a closed statement', { Statement: [{ ...statement, Effect: 'Deny' }, statement] }],
    ['a referer is no wall', when({ StringLike: { 'aws:Referer': 'https://example.com/*' } })],
    ['every address', when({ IpAddress: { 'aws:SourceIp': ['198.51.100.0/24', '0.0.0.0/0'] } })],
    ['all but one address', when({ NotIpAddress: { 'aws:SourceIp': '198.51.100.0/24' } })],
    ['any account', when({ StringLike: { 'aws:PrincipalAccount': '*' } })],
    ['any organisation', when({ StringLike: { 'aws:PrincipalOrgID': 'o-*' } })],
    ['an empty list of values', when({ StringEquals: { 'aws:SourceAccount': [] } })],
  ])('%s', (_, given) => expect(allowsEverybody(given)).toBe(true))

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['text that is no JSON', '{'],
    ['a list', '[]'],
    ['statements of null', { Statement: [null] }],
    ['a refusal', policy({ Effect: 'Deny' })],
    ['one account', policy({ Principal: { AWS: 'arn:aws:iam::111122223333:root' } })],
    ['a bare account', policy({ Principal: { AWS: '111122223333' } })],
    ['a service', policy({ Principal: { Service: 'cloudfront.amazonaws.com' } })],
    ['a canonical user', policy({ Principal: { CanonicalUser: '*' } })],
    ['a bucket', policy({ Principal: { AWS: 'arn:aws:s3:::bucket' } })],
    ['no principal', policy({ Principal: undefined })],
    ['one network', when({ IpAddress: { 'aws:SourceIp': '198.51.100.0/24' } })],
    ['one owner, in any case', when({ StringEquals: { 'AWS:SourceOwner': '111122223333' } })],
    ['one organisation', when({ 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-abc123/*' } })],
    [
      'one network of all addresses',
      when({ StringEquals: { 'aws:SourceVpc': 'vpc-1' }, IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } }),
    ],
    ['one source', when({ ArnLike: { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:111122223333:*' } })],
    ['one user', when({ StringLike: { 'aws:userid': 'AROAEXAMPLE:*' } })],
  ])('not %s', (_, given) => expect(allowsEverybody(given)).toBe(false))
})

test('everything is every action on every resource', () => {
  expect(allowsEverything(policy({ Action: '*' }))).toBe(true)
  expect(allowsEverything(policy({ Action: ['s3:*', '*'], Resource: ['*'] }))).toBe(true)
  expect(allowsEverything(policy({ Action: 's3:*' }))).toBe(false)
  expect(allowsEverything(policy({ Action: '*', Resource: 'arn:aws:s3:::bucket/*' }))).toBe(false)
  expect(allowsEverything(policy({ Action: '*', Effect: 'Deny' }))).toBe(false)
})

test('the account of a principal', () => {
  expect(accountOf('arn:aws:iam::111122223333:role/x')).toBe('111122223333')
  expect(accountOf('111122223333')).toBe('111122223333')
  expect(accountOf('arn:aws-us-gov:iam::111122223333:root')).toBe('111122223333')
  expect(accountOf('lambda.amazonaws.com')).toBeUndefined()
  expect(accountOf('*')).toBeUndefined()
})
