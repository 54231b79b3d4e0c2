import { expect, test } from 'vitest'
import { environmentSecrets } from './secrets.ts'

test('a secret is an environment variable of its name', async () => {
  const secret = environmentSecrets({ STREAMALERT_SECRET_ON_CALL: 'abc', STREAMALERT_SECRET_EMPTY: '' })
  expect(await secret('on-call')).toBe('abc')
  for (const name of ['empty', 'other']) {
    await expect(secret(name)).rejects.toMatchObject({
      code: 'SECRET_MISSING',
      hint: expect.stringContaining(`STREAMALERT_SECRET_${name.toUpperCase()}`),
    })
  }
})
