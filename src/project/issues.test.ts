import { expect, test } from 'vitest'
import { z } from 'zod'
import { secret } from '../core/option.ts'
import { issuesToProblems } from './issues.ts'
import { parseYaml } from './yaml.ts'

const messages = (schema: z.ZodType, text: string) => {
  const yaml = parseYaml(text, 'streamalert.yaml')
  return issuesToProblems(schema.safeParse(yaml.value).error?.issues ?? [], schema, yaml).map(({ message }) => message)
}

const clear = 'hunter2-in-clear'

test.each([
  ['of another kind', z.object({ token: secret('').optional() }), `token: { value: ${clear} }`],
  [
    'of a wrong form',
    z.object({ token: z.string().regex(/^x/, 'is no token').meta({ secret: true }) }),
    `token: ${clear}`,
  ],
  ['of none of the choices', z.object({ token: z.enum(['a']).meta({ secret: true }).default('a') }), `token: ${clear}`],
  ['of no choice', z.object({ url: z.union([z.url(), z.literal('-')]).meta({ secret: true }) }), `url: ${clear}`],
  [
    'within a secret',
    z.object({ headers: z.record(z.string(), z.array(z.int())).meta({ secret: true }) }),
    `headers: { A: [${clear}] }`,
  ],
])('a secret %s is not shown', (_, schema, text) => {
  const found = messages(schema, text)
  expect(found).toHaveLength(1)
  expect(found[0]).toContain('a value that is not shown')
  expect(found[0]).not.toContain(clear)
})

test('other values are shown', () => {
  expect(messages(z.object({ port: z.int() }), 'port: eighty')).toEqual(['port is "eighty", not a number.'])
})

test('an unknown key within a choice is compared with the keys that it may have', () => {
  const [problem] = issuesToProblems(
    z
      .object({ a: z.union([z.strictObject({ colour: z.string().optional() }), z.string()]) })
      .safeParse({ a: { color: 'x' } }).error!.issues,
    z.object({ a: z.union([z.strictObject({ colour: z.string().optional() }), z.string()]) }),
    parseYaml('a: { color: x }', 'streamalert.yaml'),
  )
  expect(problem).toMatchObject({
    code: 'CONFIG_UNKNOWN_NAME',
    hint: 'Did you mean "colour"?',
    place: { line: 1, column: 6 },
  })
})
