import { expect, test } from 'vitest'
import { locateError, locateText } from './locate.ts'

test('a quoted text is found, from a line on', () => {
  const source = `import 'x'\nconst a = "pci"\nconst b = ['pci']\n`
  expect(locateText(source, 'pci')).toEqual({ line: 2, column: 11 })
  expect(locateText(source, 'pci', 3)).toEqual({ line: 3, column: 12 })
  expect(locateText(source, 'prod')).toEqual({})
})

const withStack = (stack: string) => Object.assign(new Error('x'), { stack })

test('the topmost frame within the folder is the place', () => {
  const error = withStack(
    `Error: x\n    at defineRule (file:///package/src/core/rule.ts:3:4)\n    at file:///my%20project/node_modules/a/b.js:1:1\n    at f (file:///my%20project/rules/a.ts:7:16)`,
  )
  expect(locateError(error, '/my project')).toEqual({ file: '/my project/rules/a.ts', line: 7, column: 16 })
  expect(locateError(error, '/other')).toEqual({})
  expect(locateError('no error at all', '/other')).toEqual({})
})

test('an error of syntax is where Node puts its caret', () => {
  const error = withStack(
    `/p/rules/a.ts:3\nconst x = \n          ^\n\nSyntaxError: y\n    at parse (node:internal/x:1:2)`,
  )
  expect(locateError(error, '/p')).toEqual({ file: '/p/rules/a.ts', line: 3, column: 11 })
})
