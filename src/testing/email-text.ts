/** Reads e-mails as the outputs write them (RFC 5322, RFC 2045), for tests; nothing for e-mails of strangers. */

interface Part {
  /** Names in lower case, values unfolded, encoded words decoded. */
  readonly headers: Readonly<Record<string, string>>
  /** As it stands there; of a leaf, decoded. */
  readonly body: string
}

export const headersIn = (email: string): Readonly<Record<string, string>> => partOf(email).headers

/** The first text of an e-mail. */
export const textIn = (email: string): string =>
  leavesOf(partOf(email)).find(({ headers }) => headers['content-type']?.startsWith('text/plain'))?.body ?? ''

/** File name → its text. */
export function attachmentsIn(email: string): Readonly<Record<string, string>> {
  const named = leavesOf(partOf(email)).map(({ headers, body }) => {
    const name = /^attachment;.*filename="?([^";]+)/.exec(headers['content-disposition'] ?? '')?.[1]
    return [name, body] as const
  })
  return Object.fromEntries(named.filter(([name]) => name !== undefined))
}

function partOf(text: string): Part {
  const end = text.indexOf('\r\n\r\n')
  const lines = text
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), decodeWords(line.slice(colon + 1).trim())]
    }),
  )
  return { headers, body: text.slice(end + 4) }
}

/** The part itself, or the parts of a multipart, to any depth. */
function leavesOf(part: Part): readonly Part[] {
  const boundary = /^multipart\/.*boundary="([^"]+)"/.exec(part.headers['content-type'] ?? '')?.[1]
  if (boundary === undefined) {
    const { headers, body } = part
    return [{ headers, body: decodeBody(body, headers['content-transfer-encoding']) }]
  }
  const inner = part.body.split(`--${boundary}`).slice(1, -1)
  return inner.flatMap((text) => leavesOf(partOf(text.replace(/^\r\n/, '').replace(/\r\n$/, ''))))
}

function decodeBody(text: string, encoding: string | undefined): string {
  if (encoding === 'base64') return Buffer.from(text, 'base64').toString()
  return encoding === 'quoted-printable' ? decodeQuoted(text.replace(/=\r\n/g, '')) : text.replaceAll('\r\n', '\n')
}

const decodeQuoted = (text: string) =>
  Buffer.from(
    text
      .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
      .replaceAll('\r\n', '\n'),
    'latin1',
  ).toString()

/** RFC 2047 */
const decodeWords = (text: string) =>
  text.replace(/=\?UTF-8\?([QB])\?([^?]*)\?=/gi, (_, kind: string, word: string) =>
    kind.toUpperCase() === 'B' ? Buffer.from(word, 'base64').toString() : decodeQuoted(word.replaceAll('_', ' ')),
  )
