/**
 * Walks over JSON objects (RFC 8259) in UTF-8 bytes, and along what is known of their outlines; see src/core/skim/outline.ts, which
 * writes places and keys into the same memory. AssemblyScript: `npm run wasm` compiles it into src/core/skim/walk-module.ts.
 *
 * Words of 32 bits. A place: flags, the first of its keys, the key that came last, then ten places behind values, by kind. A key: the
 * length of its name with the closing quote, its neighbour in the same place, the key that came next, flags, ten places behind values
 * by kind, and where its name stands, in whole blocks of 16 bytes. No place, no key: 0.
 */

const guess: usize = 8
/** In places. */
const firstKey: usize = 4
/** In keys. */
const neighbour: usize = 4
const nextOfPlace: usize = 12
const nextOfKey: usize = 16
const lengthOfName: usize = 0
const flagsOfKey: usize = 12
const name: usize = 56

const isList: u32 = 1
const opensObjects: u32 = 2
const opensLists: u32 = 4
const isNoted: u32 = 8
const isComplete: u32 = 16
/** Keys that are not known here make no difference. */
const isCrowded: u32 = 32

/** What the caller reads after a walk. */
const endAt: usize = 0
const unknownPlace: usize = 4
const unknownKey: usize = 8
const unknownKind: usize = 12
const nameFrom: usize = 16
const nameTo: usize = 20
const slots: usize = 64
const mostSlots: u32 = 1024

const text: i32 = 0
const integer: i32 = 1
const fraction: i32 = 2
const object: i32 = 6
const list: i32 = 7
const end: i32 = 8
const long: i32 = 9

const deepest: i32 = 64
/** Digits of an integer that surely is one of a double. */
const mostDigits: usize = 15

function blanks(at: usize): usize {
  let byte = load<u8>(at)
  while (byte == 0x20 || byte == 0x09 || byte == 0x0d) byte = load<u8>(++at)
  return at
}

/** From behind the opening quote to the closing one; 0 for what is no text. */
function endOfText(from: usize): usize {
  let at = from
  while (true) {
    const bytes = v128.load(at)
    const special = v128.or(
      v128.or(i8x16.eq(bytes, i8x16.splat(0x22)), i8x16.eq(bytes, i8x16.splat(0x5c))),
      i8x16.lt_u(bytes, i8x16.splat(0x20)),
    )
    const mask = i8x16.bitmask(special)
    if (mask == 0) {
      at += 16
      continue
    }
    at += ctz(mask)
    const byte = load<u8>(at)
    if (byte == 0x22) return at
    if (byte != 0x5c) return 0
    at = endOfEscape(at + 1)
    if (at == 0) return 0
  }
}

function endOfEscape(at: usize): usize {
  switch (load<u8>(at)) {
    case 0x22:
    case 0x5c:
    case 0x2f:
    case 0x62:
    case 0x66:
    case 0x6e:
    case 0x72:
    case 0x74:
      return at + 1
    case 0x75: {
      for (let digit = at + 1; digit < at + 5; digit++) if (!isHex(load<u8>(digit))) return 0
      return at + 5
    }
    default:
      return 0
  }
}

function isDigit(byte: u8): bool {
  return <u8>(byte - 0x30) <= 9
}

function isHex(byte: u8): bool {
  return isDigit(byte) || <u8>((byte | 0x20) - 0x61) <= 5
}

function digits(at: usize): usize {
  let to = at
  while (isDigit(load<u8>(to))) to++
  return to == at ? 0 : to
}

function endOfNumber(at: usize): usize {
  const whole = load<u8>(at) == 0x2d ? at + 1 : at
  let to = digits(whole)
  if (to == 0 || (load<u8>(whole) == 0x30 && to > whole + 1)) return 0
  if (load<u8>(to) == 0x2e) {
    to = digits(to + 1)
    if (to == 0) return 0
  }
  if ((load<u8>(to) | 0x20) != 0x65) return to
  const sign = load<u8>(to + 1)
  return digits(sign == 0x2b || sign == 0x2d ? to + 2 : to + 1)
}

function isIntegral(at: usize, to: usize): bool {
  for (let digit = at; digit < to; digit++) {
    const byte = load<u8>(digit)
    if (!isDigit(byte) && byte != 0x2d) return false
  }
  return true
}

function endOfWord(at: usize): usize {
  const word = load<u32>(at)
  if (word == 0x65757274 || word == 0x6c6c756e) return at + 4
  return word == 0x736c6166 && load<u8>(at + 4) == 0x65 ? at + 5 : 0
}

function endOfColon(at: usize): usize {
  const colon = blanks(at)
  return load<u8>(colon) == 0x3a ? blanks(colon + 1) : 0
}

function endOfValue(at: usize, depth: i32): usize {
  const byte = load<u8>(at)
  if (byte == 0x22) {
    const close = endOfText(at + 1)
    return close == 0 ? 0 : close + 1
  }
  if (byte == 0x7b) return endOfMembers(at, depth)
  if (byte == 0x5b) return endOfElements(at, depth)
  return byte > 0x60 ? endOfWord(at) : endOfNumber(at)
}

function endOfMembers(open: usize, depth: i32): usize {
  if (depth == deepest) return 0
  let at = blanks(open + 1)
  if (load<u8>(at) == 0x7d) return at + 1
  while (true) {
    if (load<u8>(at) != 0x22) return 0
    at = endOfText(at + 1)
    if (at == 0) return 0
    at = endOfColon(at + 1)
    if (at == 0) return 0
    at = endOfValue(at, depth + 1)
    if (at == 0) return 0
    at = blanks(at)
    const byte = load<u8>(at)
    if (byte == 0x7d) return at + 1
    if (byte != 0x2c) return 0
    at = blanks(at + 1)
  }
}

function endOfElements(open: usize, depth: i32): usize {
  if (depth == deepest) return 0
  let at = blanks(open + 1)
  if (load<u8>(at) == 0x5d) return at + 1
  while (true) {
    at = endOfValue(at, depth + 1)
    if (at == 0) return 0
    at = blanks(at)
    const byte = load<u8>(at)
    if (byte == 0x5d) return at + 1
    if (byte != 0x2c) return 0
    at = blanks(at + 1)
  }
}

/** Whether the key's name stands here. */
function isNamed(key: usize, at: usize): bool {
  const length = load<u32>(key, lengthOfName)
  const bytes: usize = load<u32>(key, name)
  let done: u32 = 0
  while (length - done > 16) {
    if (v128.any_true(v128.xor(v128.load(bytes + done), v128.load(at + done)))) return false
    done += 16
  }
  const same = i8x16.bitmask(i8x16.eq(v128.load(bytes + done), v128.load(at + done)))
  return ctz(~same) >= <i32>(length - done)
}

/** The key of this place whose name stands here, or 0. */
function keyAt(place: usize, at: usize): usize {
  let key: usize = load<u32>(place, firstKey)
  while (key != 0 && !isNamed(key, at)) key = load<u32>(key, neighbour)
  return key
}

/** A name that is written with escapes may be any. */
function isEscaped(from: usize, to: usize): bool {
  for (let at = from; at < to; at++) if (load<u8>(at) == 0x5c) return true
  return false
}

/** Any value: behind it, or 0. */
export function skip(at: usize): usize {
  return endOfValue(at, 0)
}

/**
 * Walks over the object that opens at `from`, which stands in the place `start`. Answers the place behind it; 0: it is no JSON, or is
 * left to JSON.parse; -1: a key or a kind that was not seen there, as the memory tells.
 */
export function walk(start: usize, from: usize): i32 {
  let place = start
  /** Who knows which key came next. */
  let guide = start
  let at = from + 1
  let slot: u32 = 0
  let isFirst = true
  while (true) {
    const inside = load<u32>(place)
    at = blanks(at)
    let byte = load<u8>(at)
    if (byte == (inside & isList ? 0x5d : 0x7d)) {
      const next: usize = load<u32>(place + (end << 2), nextOfPlace)
      if (next == 0) return unknown(place, 0, end)
      at++
      if (load<u32>(next) & isComplete) {
        store<u32>(endAt, at)
        return <i32>next
      }
      guide = place = next
      isFirst = false
      continue
    }
    if (!isFirst) {
      if (byte != 0x2c) return 0
      at = blanks(at + 1)
    }
    isFirst = false

    let key: usize = 0
    let flags = inside
    if (!(inside & isList)) {
      if (load<u8>(at) != 0x22) return 0
      key = load<u32>(guide, guess)
      if (key == 0 || !isNamed(key, at + 1)) {
        key = keyAt(place, at + 1)
        if (key == 0) {
          const close = endOfText(at + 1)
          if (close == 0) return 0
          if (!(inside & isCrowded)) {
            store<u32>(nameFrom, at + 1)
            store<u32>(nameTo, close)
            return unknown(place, 0, -1)
          }
          if (isEscaped(at + 1, close)) return 0
          at = endOfColon(close + 1)
          if (at == 0) return 0
          at = endOfValue(at, 0)
          if (at == 0) return 0
          continue
        }
        store<u32>(guide, key, guess)
      }
      flags = load<u32>(key, flagsOfKey)
      at = endOfColon(at + 1 + load<u32>(key, lengthOfName))
      if (at == 0) return 0
      if (!(flags & isNoted)) {
        at = endOfValue(at, 0)
        if (at == 0) return 0
        guide = key
        continue
      }
    }

    let kind: i32
    byte = load<u8>(at)
    if (byte == 0x22) {
      const close = endOfText(at + 1)
      if (close == 0 || slot == mostSlots) return 0
      store<u32>(slots + (slot << 3), at + 1)
      store<u32>(slots + (slot++ << 3), close, 4)
      at = close + 1
      kind = text
    } else if (byte == 0x7b || byte == 0x5b) {
      kind = byte == 0x7b ? object : list
      if (flags & (kind == object ? opensObjects : opensLists)) {
        at++
        isFirst = true
      } else {
        at = endOfValue(at, 0)
        if (at == 0) return 0
      }
    } else if (byte > 0x60) {
      kind = byte == 0x74 ? 3 : byte == 0x66 ? 4 : 5
      at = endOfWord(at)
      if (at == 0) return 0
    } else {
      const to = endOfNumber(at)
      if (to == 0 || slot == mostSlots) return 0
      store<u32>(slots + (slot << 3), at)
      store<u32>(slots + (slot++ << 3), to, 4)
      kind = !isIntegral(at, to) ? fraction : to - at > mostDigits ? long : integer
      at = to
    }
    const next: usize = key != 0 ? load<u32>(key + (kind << 2), nextOfKey) : load<u32>(place + (kind << 2), nextOfPlace)
    if (next == 0) return unknown(place, key, kind)
    guide = place = next
  }
}

function unknown(place: usize, key: usize, kind: i32): i32 {
  store<u32>(unknownPlace, place)
  store<u32>(unknownKey, key)
  store<i32>(unknownKind, kind)
  return -1
}
