/** A time that stands in a text, and where the text goes on. */
export interface FoundTime {
  readonly value: string
  readonly end: number
}

const iso = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?(?=[ :]|$)/y

/** RFC 3339 as RFC 5424 asks for it, and with a blank, a comma or without a zone, as rsyslog and others write it. */
export function readIsoTime(text: string, at: number): FoundTime | undefined {
  iso.lastIndex = at
  const found = iso.exec(text)
  return found ? { value: found[0], end: iso.lastIndex } : undefined
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Hours east of Greenwich of the zone names that devices write. Ambiguous ones have the meaning RFC 2822 gives them. */
const zones = new Map<string, number>([
  ...([
    ['UTC', 0],
    ['GMT', 0],
    ['Z', 0],
    ['WET', 0],
    ['BST', 1],
    ['WEST', 1],
    ['CET', 1],
    ['CEST', 2],
  ] as const),
  ...([
    ['EET', 2],
    ['EEST', 3],
    ['MSK', 3],
    ['EST', -5],
    ['EDT', -4],
    ['CST', -6],
    ['CDT', -5],
  ] as const),
  ...([
    ['MST', -7],
    ['MDT', -6],
    ['PST', -8],
    ['PDT', -7],
    ['SGT', 8],
    ['HKT', 8],
    ['JST', 9],
    ['KST', 9],
  ] as const),
  ...([
    ['AWST', 8],
    ['AEST', 10],
    ['AEDT', 11],
    ['NZST', 12],
    ['NZDT', 13],
    ['IST', 5.5],
  ] as const),
])

const bsd = new RegExp(
  `[*.]?(?:(\\d{4}) )?(${months.join('|')}) {1,2}(\\d{1,2}) (?:(\\d{4}) )?(\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d+)?)` +
    `(?: (\\d{4})(?=:? |$))?(?: ((?:${[...zones.keys()].join('|')}|[+-]\\d\\d:?\\d\\d))(?=[ :]|$))?(?=[ :]|$)`,
  'y',
)

/** The plain form, before a word that is neither year nor zone: told at once, for most lines have it. */
const plain = new RegExp(`(?:${months.join('|')}) [ 1-3]\\d \\d\\d:\\d\\d:\\d\\d(?= [a-z])`, 'y')

/**
 * The time of RFC 3164 (`Jan  2 03:04:05`), one-digit days with one blank or two, with a fraction, a year before or after,
 * a zone, and the mark (`*`, `.`) by which Cisco devices say that their clock is not set.
 * With a year the value is ISO 8601; without, it is `Jan  2 03:04:05`, with fraction and zone (`+00:00`) where given.
 */
export function readBsdTime(text: string, at: number): FoundTime | undefined {
  plain.lastIndex = at
  if (plain.test(text)) return { value: text.slice(at, plain.lastIndex), end: plain.lastIndex }
  bsd.lastIndex = at
  const found = bsd.exec(text)
  if (!found) return undefined
  const [, yearFirst, month = '', day = '', yearMiddle, time = '', yearLast, zone] = found
  const year = yearFirst ?? yearMiddle ?? yearLast
  const clock = time.replace(',', '.')
  const offset = zone === undefined ? '' : offsetOf(zone)
  const value =
    year === undefined
      ? `${month} ${day.padStart(2)} ${clock}${offset && ` ${offset}`}`
      : `${year}-${String(months.indexOf(month) + 1).padStart(2, '0')}-${day.padStart(2, '0')}T${clock}${offset}`
  return { value, end: bsd.lastIndex }
}

function offsetOf(zone: string): string {
  const hours = zones.get(zone)
  if (hours === undefined) return zone
  const minutes = Math.abs(hours) * 60
  const pad = (part: number) => String(part).padStart(2, '0')
  return `${hours < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`
}
