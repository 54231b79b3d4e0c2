import { expectTypeOf, test } from 'vitest'
import type { cloudtrailEvents, kubernetesAudit, osqueryDifferential, sshd } from './index.ts'

type RecordIn<S extends { readonly record?: unknown }> = NonNullable<S['record']>

test('rules see the types of records', () => {
  type Call = RecordIn<typeof cloudtrailEvents>
  expectTypeOf<Call['eventName']>().toEqualTypeOf<string>()
  expectTypeOf<Call['errorCode']>().toEqualTypeOf<string | null | undefined>()
  type Session = NonNullable<Call['userIdentity']['sessionContext']>
  expectTypeOf<NonNullable<Session['attributes']>['mfaAuthenticated']>().toEqualTypeOf<string | null | undefined>()
  expectTypeOf<NonNullable<Call['requestParameters']>[string]>().toEqualTypeOf<unknown>()
  expectTypeOf<Call>().not.toHaveProperty('evntName')

  expectTypeOf<RecordIn<typeof osqueryDifferential>['columns'][string]>().toEqualTypeOf<string>()
  expectTypeOf<RecordIn<typeof sshd>['client_port']>().toEqualTypeOf<number | null | undefined>()
  type Request = RecordIn<typeof kubernetesAudit>
  expectTypeOf<NonNullable<Request['sourceIPs']>>().toEqualTypeOf<readonly string[]>()
})
