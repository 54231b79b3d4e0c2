import type { Decoder } from '../core/contracts/index.ts'
import { expect, test } from 'vitest'
import { CodedError } from '../core/errors.ts'

const text = Array.from({ length: 20_000 }, (_, n) => `{"n":${n},"name":"päivä ${(n * 7919) % 10_007}"}`).join('\n')
export async function* chunked(bytes: Uint8Array, size = 65_536) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** What a stream gives before it ends, and the code of its error. */
export async function drain(
  stream: AsyncIterable<Uint8Array>,
): Promise<{ text: string; code?: string; largest: number }> {
  const chunks: Uint8Array[] = []
  const result = () => ({
    text: Buffer.concat(chunks).toString(),
    largest: Math.max(0, ...chunks.map((chunk) => chunk.byteLength)),
  })
  try {
    for await (const chunk of stream) chunks.push(chunk)
    return result()
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    return { ...result(), code: error.code }
  }
}

const codeOf = (act: () => unknown) => {
  try {
    act()
    return undefined
  } catch (error) {
    return error instanceof CodedError ? error.code : String(error)
  }
}

export const limits = { maxRatio: 500 }

/** What every decoder keeps to. `pack` compresses. */
export function decoderContract(decoder: Decoder, pack: (bytes: Uint8Array) => Buffer): void {
  const packed = pack(Buffer.from(text))

  test('is told by its first bytes', () => {
    expect(decoder.detects(packed.subarray(0, 4))).toBe(true)
    expect(decoder.detects(Buffer.from('{"a":1}'))).toBe(false)
    expect(decoder.detects(new Uint8Array(0))).toBe(false)
    expect(decoder.detects(Uint8Array.of(0x1f))).toBe(false)
  })

  test('decodes whole and as a stream', async () => {
    expect(Buffer.from(decoder.decode(packed, 10_000_000)).toString()).toBe(text)
    expect((await drain(decoder.stream(chunked(packed), limits))).text).toBe(text)
    expect((await drain(decoder.stream(chunked(packed, 1000), limits))).text).toBe(text)
  })

  test('decodes one part after another, however they are cut', async () => {
    const parts = Buffer.concat([pack(Buffer.from('one\n')), pack(Buffer.alloc(0)), pack(Buffer.from('two\n')), packed])
    expect(Buffer.from(decoder.decode(parts, 10_000_000)).toString()).toBe(`one\ntwo\n${text}`)
    for (const size of [101, 4096, parts.length]) {
      expect((await drain(decoder.stream(chunked(parts, size), limits))).text).toBe(`one\ntwo\n${text}`)
    }
    const small = parts.subarray(0, parts.length - packed.length)
    expect((await drain(decoder.stream(chunked(small, 1), limits))).text).toBe('one\ntwo\n')
  })

  test('decodes nothing to nothing', async () => {
    expect(decoder.decode(pack(Buffer.alloc(0)), 10)).toHaveLength(0)
    expect(await drain(decoder.stream(chunked(pack(Buffer.alloc(0))), limits))).toMatchObject({ text: '' })
  })

  test('gives what stands before a cut, then says so', async () => {
    const cut = packed.subarray(0, packed.length >> 1)
    expect(codeOf(() => decoder.decode(cut, 10_000_000))).toBe('BODY_DAMAGED')
    const got = await drain(decoder.stream(chunked(cut), limits))
    expect(got.code).toBe('BODY_DAMAGED')
    expect(got.text.length).toBeGreaterThan(text.length / 4)
    expect(text.startsWith(got.text.slice(0, -3))).toBe(true)
  })

  test('gives what stands before a damage, then says so', async () => {
    const bad = Buffer.from(packed)
    bad.fill(0xff, bad.length >> 1, (bad.length >> 1) + 64)
    expect(codeOf(() => decoder.decode(bad, 10_000_000))).toBe('BODY_DAMAGED')
    const got = await drain(decoder.stream(chunked(bad), limits))
    expect(got.code).toBe('BODY_DAMAGED')
    expect(got.text.slice(0, 1000)).toBe(text.slice(0, 1000))
    expect(got.text.length).toBeGreaterThan(text.length / 10)
  })

  test('takes other bytes behind its end as damage', async () => {
    const followed = Buffer.concat([packed, Buffer.from('something else')])
    expect(codeOf(() => decoder.decode(followed, 10_000_000))).toBe('BODY_DAMAGED')
    const got = await drain(decoder.stream(chunked(followed), limits))
    expect(got.code).toBe('BODY_DAMAGED')
    expect(got.text.length).toBeGreaterThan(text.length - 100)
  })

  test('stops at its limits', async () => {
    const bomb = pack(Buffer.alloc(50_000_000))
    expect(codeOf(() => decoder.decode(bomb, 1_000_000))).toBe('BODY_TOO_LARGE')
    const got = await drain(decoder.stream(chunked(bomb), { maxRatio: 100 }))
    expect(got.code).toBe('BODY_TOO_LARGE')
    expect(got.text.length).toBeLessThan(10_000_000)
    expect(got.largest).toBeLessThanOrEqual(262_144)
  })

  test('a body that fails is not taken for damage', async () => {
    async function* failing() {
      yield packed.subarray(0, 100)
      throw new Error('EIO')
    }
    await expect(drain(decoder.stream(failing(), limits))).rejects.toThrow('EIO')
  })

  test('can be left early', async () => {
    for await (const chunk of decoder.stream(chunked(packed, 100), limits)) {
      expect(chunk.byteLength).toBeGreaterThan(0)
      break
    }
  })
}
