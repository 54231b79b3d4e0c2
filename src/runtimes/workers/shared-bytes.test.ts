import { expect, test } from 'vitest'
import type { Frame } from '../../core/contracts/index.ts'
import { createSharedBytes } from './shared-bytes.ts'

const frame = (text: string): Frame => ({
  ...{ source: 's:s', cluster: 'c', origin: 'o', offset: 0, receivedAt: 0, mode: 'live', encoded: false },
  bytes: new TextEncoder().encode(text),
})
const texts = (frames: readonly Frame[]) => frames.map(({ bytes }) => Buffer.from(bytes).toString())

test('the frames of a job lie side by side in shared memory; those of the next job take their place', () => {
  const share = createSharedBytes()
  const given = [frame('one'), frame(''), frame('three')]
  const first = share(given)
  expect(texts(first)).toEqual(['one', '', 'three'])
  expect(first[0]!.bytes.buffer).toBeInstanceOf(SharedArrayBuffer)
  const longer = share([frame('x'.repeat(100))])
  expect(texts(longer)).toEqual(['x'.repeat(100)])
  expect(share([frame('two')])[0]!.bytes.buffer).toBe(longer[0]!.bytes.buffer)
  expect(texts(given)).toEqual(['one', '', 'three'])
})

test('what is shared already stays where it is', () => {
  const shared = { ...frame(''), bytes: new Uint8Array(new SharedArrayBuffer(8), 2, 3).fill(97) }
  const [other, same] = createSharedBytes()([frame('one'), shared])
  expect(texts([other!, same!])).toEqual(['one', 'aaa'])
  expect(same).toBe(shared)
})

test('a huge job is sent as it is', () => {
  const huge = { ...frame(''), bytes: new Uint8Array(17 * 1_048_576) }
  expect(createSharedBytes()([huge])).toEqual([huge])
})
