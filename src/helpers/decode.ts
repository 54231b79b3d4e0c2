/** Longer texts are not decoded. */
const longest = 1_048_576

/**
 * The text that Base64 hides (RFC 4648 §4 and §5; padding may be missing, white space is passed over): UTF-8, or UTF-16LE as
 * `powershell -EncodedCommand` takes it. Undefined for what is no Base64, or decodes to what is no text.
 */
export function decodeBase64(text: unknown): string | undefined {
  if (typeof text !== 'string' || text.length > longest) return undefined
  const plain = text.replace(/\s+/g, '').replace(/=+$/, '').replaceAll('-', '+').replaceAll('_', '/')
  if (plain === '' || plain.length % 4 === 1 || !/^[A-Za-z0-9+/]+$/.test(plain)) return undefined
  const bytes = Uint8Array.from(atob(plain), (unit) => unit.charCodeAt(0))
  return asText('utf-8', bytes) ?? (isWide(bytes) ? asText('utf-16le', bytes) : undefined)
}

/** Every second byte of Latin text in UTF-16LE is zero; any bytes at all would decode to something. */
const isWide = (bytes: Uint8Array) => bytes.filter((byte, at) => at % 2 === 1 && byte === 0).length * 3 > bytes.length

/** Undefined: no valid text of that encoding, or one with control characters, which text that was meant to be read has not. */
function asText(encoding: string, bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes)
    return isReadable(text) ? text : undefined
  } catch {
    return undefined
  }
}

function isReadable(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- that is what is looked for
  return !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text)
}

/**
 * The text behind percent-encoding (RFC 3986 §2.1), decoded again while it changes, at most three times: attackers encode
 * twice. What is no valid encoding stays as it stands. `+` stays a plus.
 */
export function decodeUrl(text: string): string {
  let decoded = text.slice(0, longest)
  for (let times = 0; times < 3; times++) {
    const next = decoded.replace(/(?:%[0-9a-f]{2})+/gi, decodeRun)
    if (next === decoded) break
    decoded = next
  }
  return decoded
}

function decodeRun(run: string): string {
  try {
    return decodeURIComponent(run)
  } catch {
    return run
  }
}
