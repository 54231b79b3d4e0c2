import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { createAsker, createInput } from './input.ts'

/** A terminal at which somebody types; each answer is typed when its question is on the screen. */
function terminal() {
  const [input, output] = [new PassThrough(), new PassThrough()]
  let screen = ''
  output.setEncoding('utf8').on('data', (text: string) => (screen += text))
  const shows = async (text: string) => {
    for (let tries = 0; tries < 400 && !screen.includes(text); tries++) await new Promise((go) => setTimeout(go, 10))
    return screen
  }
  const type = async (question: string, keys: string) => {
    await shows(question)
    for (const key of keys) input.write(key)
  }
  return { asker: createAsker(input, output), type, screen: () => screen }
}

test('a secret is not shown while it is typed; an empty answer is asked again', async () => {
  const { asker, type, screen } = terminal()
  const check = (answer: string) => (answer === '' ? 'It is empty.' : undefined)
  const answer = asker.secret({ message: 'Value of slack', check })
  await type('Value of slack', '\r')
  await type('It is empty.', 'xoxb-marker\r')
  expect(await answer).toBe('xoxb-marker')
  for (let end = 5; end <= 'xoxb-marker'.length; end++)
    expect(screen()).not.toContain('xoxb-marker'.slice(end - 5, end))
})

test('texts have a preset; Ctrl-C breaks off', async () => {
  const { asker, type } = terminal()
  const name = asker.text({ message: 'A name', preset: 'main' })
  await type('A name', '\r')
  expect(await name).toBe('main')
  const sure = asker.confirm('Sure?', false)
  await type('Sure?', '\u0003')
  await expect(sure).rejects.toMatchObject({ code: 'USAGE' })
})

test('nobody is asked where there is no terminal, or where a machine reads', async () => {
  const stream = () => Object.assign(new PassThrough(), { isTTY: true })
  const streams = { stdin: stream(), stderr: stream(), env: {} }
  expect(createInput({ json: false }, streams).ask).toBeDefined()
  expect(createInput({ json: true }, streams).ask).toBeUndefined()
  expect(createInput({ json: false }, { ...streams, stdin: new PassThrough() }).ask).toBeUndefined()
  streams.stdin.end('line 1\nline 2\r\n')
  expect(await createInput({ json: true }, streams).read()).toBe('line 1\nline 2')
})
