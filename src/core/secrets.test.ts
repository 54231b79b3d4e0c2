import { expect, test } from 'vitest'
import { secretsOf, secretUses } from './secrets.ts'

const values: Readonly<Record<string, string>> = { A: 'alpha-value', B: 'alpha', Q: 'say "it" & more', 'a/b#c': 'deep' }
const host = { secret: async (name: string) => values[name] ?? '' }

test('a reference is revealed, however deep; other texts stay', async () => {
  const { reveal, revealAll } = secretsOf(host)
  expect(await reveal('secret:A')).toBe('alpha-value')
  expect(await reveal('secret: A')).toBe('secret: A')
  expect(await reveal('Bearer secret:A')).toBe('Bearer secret:A')
  const given = { headers: [{ x: 'secret:a/b#c' }, 'plain'], n: 1, none: null }
  expect(await revealAll(given)).toEqual({ headers: [{ x: 'deep' }, 'plain'], n: 1, none: null })
})

test('what was revealed or hidden is taken out of texts, also as JSON or an address has it', async () => {
  const { reveal, hide, redact } = secretsOf(host)
  for (const name of ['A', 'B', 'Q']) await reveal(`secret:${name}`)
  expect(hide('basic-auth')).toBe('basic-auth')
  const text = `alpha-value alpha basic-auth ${JSON.stringify(values['Q'])} ?q=${encodeURIComponent(values['Q']!)}`
  expect(redact(text)).toBe('••• ••• ••• "•••" ?q=•••')
})

test('of an address that is secret, its path and the parts of it are taken out, too', async () => {
  const { reveal, redact } = secretsOf({
    secret: async () => 'https://hooks.example.com/services/T0/abcdefghijkl?k=mnopqrstuvwx',
  })
  await reveal('secret:HOOK')
  expect(redact('no services/T0 at /services/T0/abcdefghijkl, abcdefghijkl or mnopqrstuvwx at hooks.example.com')).toBe(
    'no services/T0 at •••, ••• or ••• at hooks.example.com',
  )
})

test('uses are found with their paths; what only begins as one has no name', () => {
  const value = { a: ['secret:X', 'x'], b: { c: 'secret:not a name', d: 7 } }
  expect(secretUses(value)).toEqual([
    { name: 'X', path: ['a', 0] },
    { name: undefined, path: ['b', 'c'] },
  ])
  const own: Record<string, unknown> = {}
  own['self'] = own
  expect(secretUses(own)).toEqual([])
})
