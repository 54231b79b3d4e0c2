import { describe, expect, it } from 'vitest'
import { projectFolder } from '../testing/project-folder.ts'
import file from './file.ts'

async function load(name: string, content: string, key?: string) {
  const projectDir = projectFolder({ [name]: content })
  const host = { name: 'table', projectDir, fetch: globalThis.fetch, secret: async () => '' }
  const options = file.config.parse({ path: name, ...(key !== undefined && { key }) })
  return [...(await file.create(options, host).load())]
}

describe('a table from a file', () => {
  it.each<[string, string, string, string | undefined, unknown]>([
    [
      'JSON: names are keys',
      'a.json',
      '{"1":{"team":"red"},"2":"blue"}',
      undefined,
      [
        ['1', { team: 'red' }],
        ['2', 'blue'],
      ],
    ],
    ['JSON: rows', 'a.json', '[{"id":7,"team":"red"}]', undefined, [['7', { id: 7, team: 'red' }]]],
    ['JSON: rows with another key', 'a.json', '[{"id":7,"team":"red"}]', 'team', [['red', { id: 7, team: 'red' }]]],
    ['JSON: no rows', 'a.json', '[]', undefined, []],
    [
      'JSON: hostile names',
      'a.json',
      '{"__proto__":{"x":1},"constructor":2}',
      undefined,
      [
        ['__proto__', { x: 1 }],
        ['constructor', 2],
      ],
    ],
    ['CSV', 'a.csv', '\uFEFFid, team\r\n7,"red, or\nso"\r\n\r\n', undefined, [['7', { id: '7', team: 'red, or\nso' }]]],
    ['CSV: semicolons, another key', 'a.csv', 'id;team\n7;red', 'team', [['red', { id: '7', team: 'red' }]]],
    ['CSV: one column', 'A.CSV', 'address\n10.0.0.1\n', undefined, [['10.0.0.1', { address: '10.0.0.1' }]]],
    ['CSV: only a header', 'a.csv', 'address\n', undefined, []],
  ])('%s', async (_, name, content, key, expected) => {
    expect(await load(name, content, key)).toEqual(expected)
  })

  it('takes hostile columns as they are', async () => {
    const [[, row] = []] = await load('a.csv', 'id,__proto__\n1,x')
    expect(Object.keys(row as object)).toEqual(['id', '__proto__'])
  })

  it.each<[string, string, string, string | undefined, string, number | undefined]>([
    ['no JSON', 'a.json', '{', undefined, 'not valid JSON', undefined],
    ['a text', 'a.json', '"x"', undefined, 'neither an object nor a list', undefined],
    ['an object with a key column', 'a.json', '{}', 'id', 'neither an object nor a list of rows', undefined],
    ['a row that is none', 'a.json', '[1]', undefined, 'Row 1 is no object', undefined],
    [
      'a row without its key',
      'a.json',
      '[{"a":1},{"b":1}]',
      undefined,
      'Row 2 has no text or number as its key "a"',
      undefined,
    ],
    ['the same key twice', 'a.csv', 'id,x\n1,a\n2,b\n1,c', undefined, 'the key "1" of an earlier one', 4],
    ['a short row', 'a.csv', 'id,x\n1,a\n2', undefined, 'It has 1 cells, and the first line 2', 3],
    ['an unknown key column', 'a.csv', 'id,x\n1,a', 'name', 'its key "name"', 2],
    ['nothing', 'a.csv', '', undefined, 'It is empty', undefined],
  ])('says what is wrong: %s', async (_, name, content, key, message, line) => {
    await expect(load(name, content, key)).rejects.toMatchObject({
      code: 'LOOKUP_INVALID',
      message: expect.stringContaining(message),
      place: { file: name, ...(line !== undefined && { line }) },
    })
  })

  it('says when there is no file', async () => {
    const host = { name: 'table', projectDir: '/nowhere', fetch: globalThis.fetch, secret: async () => '' }
    await expect(file.create({ path: 'a.csv' }, host).load()).rejects.toMatchObject({
      code: 'LOOKUP_INVALID',
      place: { file: 'a.csv' },
    })
  })
})
