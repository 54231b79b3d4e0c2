import { expect, test } from 'vitest'
import { compileAccess, type Grant, principalOf } from './access.ts'

const iam = 'arn:aws:iam::123456789012'
const session = (role: string, account = '123456789012') =>
  `arn:aws:sts::${account}:assumed-role/${role}/someone@example.com`

test('a session is known by its role, whatever the path of that; nobody else has a name', () => {
  const role = { account: 'aws 123456789012', kind: 'role', name: 'soc' }
  expect(principalOf(`${iam}:role/soc`)).toEqual(role)
  expect(principalOf(`${iam}:role/teams/security/soc`)).toEqual(role)
  expect(principalOf(session('soc'))).toEqual(role)
  expect(principalOf(`${iam}:user/ops/soc`)).toEqual({ ...role, kind: 'user' })
  const nobody = [
    `${iam}:root`,
    `${iam}:role/`,
    'arn:aws:sts::123456789012:federated-user/soc',
    'soc',
    '',
    `${iam}:role/a:b`,
  ]
  expect(nobody.map(principalOf)).toEqual(nobody.map(() => undefined))
})

const grants: readonly Grant[] = [
  { principals: [`${iam}:role/viewers`, `${iam}:user/ops/ann`], role: 'viewer', clusters: 'all' },
  { principals: [`${iam}:role/viewers`], role: 'responder', clusters: ['pci'] },
  { principals: [`${iam}:role/sso/AWSReservedSSO_Admin_*`], role: 'admin', clusters: ['prod', 'pci'] },
  { principals: [`${iam}:role/a[b]?c`], role: 'admin', clusters: 'all' },
]

test.each([
  [session('viewers'), 'viewer', 'responder'],
  [`${iam}:user/ops/ann`, 'viewer', 'viewer'],
  [session('AWSReservedSSO_Admin_0123abc'), 'admin', 'admin'],
  [session('AWSReservedSSO_Admin'), undefined, undefined],
  [session('xAWSReservedSSO_Admin_1'), undefined, undefined],
  [session('ab1c'), undefined, undefined],
  [session('ann'), undefined, undefined],
  [session('viewers', '210987654321'), undefined, undefined],
  [`arn:aws-cn:iam::123456789012:role/viewers`, undefined, undefined],
  [`${iam}:user/viewers`, undefined, undefined],
  [`${iam}:root`, undefined, undefined],
  [undefined, undefined, undefined],
])('%s: %s in prod, %s in pci', (arn, prod, pci) => {
  const { roleIn, isStranger } = compileAccess(grants)(arn)
  expect([roleIn('prod'), roleIn('pci'), isStranger]).toEqual([prod, pci, prod === undefined])
})
