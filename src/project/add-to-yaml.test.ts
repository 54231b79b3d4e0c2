import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { addToYaml } from './add-to-yaml.ts'

const add = (text: string) => addToYaml(text, ['outputs', 'slack', 'sec'], { url: 'secret:A', on: true })

test.each([
  ['an empty file', '', 'outputs:\n  slack:\n    sec:\n      url: secret:A\n      on: true\n'],
  [
    'no such section',
    '# Mine\nterminal:   true # aligned\n# end',
    '# Mine\nterminal:   true # aligned\noutputs:\n  slack:\n    sec:\n      url: secret:A\n      on: true\n# end',
  ],
  [
    'a section whose entries are all remarks',
    'outputs: # where\n  # slack: {}\nterminal: true\n',
    'outputs: # where\n  slack:\n    sec:\n      url: secret:A\n      on: true\n  # slack: {}\nterminal: true\n',
  ],
  [
    'another kind, with other spaces and remarks',
    "outputs:\n    file:   # one\n        all: { path: 'a.jsonl' }   # two\n\n    # three\n\nterminal: true",
    "outputs:\n    file:   # one\n        all: { path: 'a.jsonl' }   # two\n    slack:\n      sec:\n        url: secret:A\n        on: true\n\n    # three\n\nterminal: true",
  ],
  [
    'the same kind',
    'outputs:\n  slack:\n    # first\n    first:\n      url: x\n      more:\n  file:\n    a: {path: b}\n',
    'outputs:\n  slack:\n    # first\n    first:\n      url: x\n      more:\n    sec:\n      url: secret:A\n      on: true\n  file:\n    a: {path: b}\n',
  ],
  [
    'a text of several lines before it',
    'outputs:\n  slack:\n    a:\n      url: |\n        x\n        y\n# end\n',
    'outputs:\n  slack:\n    a:\n      url: |\n        x\n        y\n    sec:\n      url: secret:A\n      on: true\n# end\n',
  ],
  [
    'line ends of Windows',
    'outputs:\r\n  slack:\r\n    a: { url: x }\r\n',
    'outputs:\r\n  slack:\r\n    a: { url: x }\r\n    sec:\r\n      url: secret:A\r\n      on: true\r\n',
  ],
])('%s: only lines are added', (_, before, after) => {
  expect(add(before)).toBe(after)
})

test('a section in braces stays in braces; remarks stay', () => {
  const text = '# top\noutputs: { slack: { a: { url: x } } } # braces\n\n# end\nterminal: true\n'
  const added = add(text)
  expect(parse(added)).toEqual({
    outputs: { slack: { a: { url: 'x' }, sec: { url: 'secret:A', on: true } } },
    terminal: true,
  })
  for (const remark of ['# top\n', '# braces\n', '# end\n']) expect(added).toContain(remark)
})

test.each(['outputs: { slack: { sec: {} } }', 'outputs:\n  slack: [a]\n', '- a\n'])('%j cannot take it', (text) => {
  expect(() => add(text)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
})
