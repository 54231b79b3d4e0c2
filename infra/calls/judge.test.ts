import { expect, test } from 'vitest'
import type { WireCall } from '../../src/testing/aws-recorder.ts'
import type { Shown } from '../offline/state.ts'
import { judge } from './judge.ts'

const at = 'eu-central-1:123456789012'
const table = `arn:aws:dynamodb:${at}:table/t`
const key = `arn:aws:kms:${at}:key/k`
const log = `arn:aws:logs:${at}:log-group:/aws/lambda/f:*`

const keyPolicy = {
  Statement: [
    {
      ...{
        Effect: 'Allow',
        Action: 'kms:Decrypt',
        Resource: '*',
        Principal: { AWS: 'arn:aws:iam::123456789012:root' },
      },
      Condition: { StringEquals: { 'kms:ViaService': 'dynamodb.eu-central-1.amazonaws.com' } },
    },
  ],
}

/** What is deployed: a function with this policy, and a table with a key. */
const deployed = (...statements: readonly object[]): readonly Shown[] => {
  const own = { Sid: 'OwnLog', Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: log }
  const policy = JSON.stringify({ Statement: [own, ...statements] })
  return [
    ['aws_lambda_function', { function_name: 'f', arn: `arn:aws:lambda:${at}:function:f` }] as const,
    ['aws_iam_role_policy', { role: 'f', policy }] as const,
    ['aws_dynamodb_table', { arn: table, server_side_encryption: [{ kms_key_arn: key }] }] as const,
    ['aws_kms_key', { arn: key, policy: JSON.stringify(keyPolicy) }] as const,
  ].map(([type, values]) => ({ address: type, type, values }))
}

const call = (operation: string, input: object): WireCall => ({
  ...{ key: 'a', service: 'dynamodb', region: 'eu-central-1', operation, status: 200 },
  ...{ path: '/', query: new URLSearchParams(), body: JSON.stringify(input) },
})
const judged = (made: readonly WireCall[], ...statements: readonly object[]) =>
  judge({ shown: deployed(...statements), name: 'f', foreignKeys: new Map() }, made)

const state = { Sid: 'State', Effect: 'Allow', Action: 'dynamodb:Query', Resource: table }
const keys = { Sid: 'Keys', Effect: 'Allow', Action: 'kms:Decrypt', Resource: key }
const query = call('Query', { TableName: 't' })

test('what is asked, and the keys behind it, has to be allowed', () => {
  expect(judged([query], state, keys)).toEqual({ refused: [], unused: [] })
  expect(judged([query], keys).refused).toEqual([`dynamodb:Query ${table}`])
  expect(judged([query], state).refused).toEqual([`kms:Decrypt ${key} dynamodb.eu-central-1.amazonaws.com`])
  const byIndex = call('Query', { TableName: 't', IndexName: 'due' })
  expect(judged([query, byIndex], state, keys).refused).toEqual([`dynamodb:Query ${table}/index/due`])
})

test('what is allowed has to be asked: each action, of each resource', () => {
  const wider = { ...state, Action: ['dynamodb:Query', 'dynamodb:PutItem'], Resource: [table, `${table}/index/due`] }
  expect(judged([query], wider, keys).unused).toEqual([
    `State: dynamodb:Query ${table}/index/due`,
    `State: dynamodb:PutItem ${table}`,
    `State: dynamodb:PutItem ${table}/index/due`,
  ])
})

test('what is denied has to be what code could do otherwise', () => {
  const action = 'ec2:DescribeSubnets'
  const Condition = { ArnEquals: { 'lambda:SourceFunctionArn': `arn:aws:lambda:${at}:function:f` } }
  const deny = { Sid: 'NotByCode', Effect: 'Deny', Action: action, Resource: '*', Condition }
  expect(judged([query], state, keys, deny).unused).toEqual([`NotByCode: ${action} *`])
})

test('a call that is not known is no call that passes', () => {
  expect(() => judged([{ ...query, service: 'ec2' }], state, keys)).toThrow('A call of ec2 is not known')
})
