import type { Random } from './random.ts'
import type { TimedLine } from './sshd.ts'
import { at, moments, people, person } from './world.ts'

interface Connection {
  readonly time: number
  readonly from: string
  readonly to: string
  readonly port: number
  readonly action: 'close' | 'deny' | 'timeout' | 'accept'
  readonly sent: number
  readonly received: number
}

const services: Readonly<Record<number, string>> = {
  22: 'SSH',
  53: 'DNS',
  80: 'HTTP',
  443: 'HTTPS',
  445: 'SMB',
  3389: 'RDP',
  993: 'IMAPS',
}

/** A traffic log of a FortiGate. https://docs.fortinet.com/document/fortigate/7.4.3/fortios-log-message-reference (logid 13, forward traffic) */
function traffic(random: Random, one: Connection): TimedLine {
  const iso = new Date(one.time).toISOString()
  const inside = one.to.startsWith('10.')
  const denied = one.action === 'deny'
  const quoted = (value: string) => `"${value}"`
  const fields: readonly (readonly [string, string | number])[] = [
    ['date', iso.slice(0, 10)],
    ['time', iso.slice(11, 19)],
    ['devname', quoted('fw-office-1')],
    ['devid', quoted('FG100FTK20000001')],
    ['eventtime', `${one.time}000000`],
    ['tz', quoted('+0000')],
    ['logid', quoted('0000000013')],
    ['type', quoted('traffic')],
    ['subtype', quoted('forward')],
    ['level', quoted(denied ? 'warning' : 'notice')],
    ['vd', quoted('root')],
    ['srcip', one.from],
    ['srcport', random.integer(49152, 65535)],
    ['srcintf', quoted('office')],
    ['srcintfrole', quoted('lan')],
    ['dstip', one.to],
    ['dstport', one.port],
    ['dstintf', quoted(inside ? 'servers' : 'wan1')],
    ['dstintfrole', quoted(inside ? 'lan' : 'wan')],
    ['srccountry', quoted('Reserved')],
    ['dstcountry', quoted(inside ? 'Reserved' : 'Germany')],
    ['sessionid', random.integer(100_000, 9_999_999)],
    ['proto', one.port === 53 ? 17 : 6],
    ['action', quoted(one.action)],
    ['policyid', denied ? 0 : random.pick([4, 7, 12])],
    ['policytype', quoted('policy')],
    ['service', quoted(services[one.port] ?? `tcp/${one.port}`)],
    ['trandisp', quoted(inside || denied ? 'noop' : 'snat')],
    ['duration', denied ? 0 : random.integer(1, 300)],
    ['sentbyte', one.sent],
    ['rcvdbyte', one.received],
    ['sentpkt', Math.ceil(one.sent / 1200)],
    ['rcvdpkt', Math.ceil(one.received / 1200)],
    ['appcat', quoted('unscanned')],
  ]
  return { time: one.time, text: fields.map(([name, value]) => `${name}=${value}`).join(' ') }
}

/** The office firewall: browsing, mail, name look-ups; one laptop that scans the server network, one large upload. */
export function firewallLines(random: Random): TimedLine[] {
  const usual = moments(random, 620).map((time) => {
    const port = random.weighted([
      [60, 443],
      [18, 53],
      [8, 993],
      [6, 80],
      [3, 22],
      [2, 445],
    ])
    const denied = random.chance(0.02)
    return traffic(random, {
      time,
      from: random.pick(people).laptop,
      to:
        port === 445
          ? '10.20.0.15'
          : port === 53
            ? '10.20.0.2'
            : `${random.pick(['192.0.2', '198.51.100'])}.${random.integer(1, 254)}`,
      port,
      action: denied ? 'deny' : random.pick(['close', 'close', 'close', 'timeout']),
      sent: denied ? 0 : random.integer(300, 400_000),
      received: denied ? 0 : random.integer(500, 9_000_000),
    })
  })
  const ports = [
    21, 22, 23, 25, 80, 110, 135, 139, 143, 389, 443, 445, 1433, 1521, 2049, 3306, 3389, 5432, 5900, 5985, 6379, 8080,
    8443, 9200, 11211, 27017,
  ]
  const scan = ports.map((port, n) =>
    traffic(random, {
      time: at('10:20:05') + n * 2_300,
      from: person('lucas.meyer').laptop,
      to: '10.20.0.15',
      port,
      action: 'deny',
      sent: 0,
      received: 0,
    }),
  )
  const upload = traffic(random, {
    time: at('14:05:51'),
    from: person('owen.clarke').laptop,
    to: '198.51.100.201',
    port: 443,
    action: 'close',
    sent: 1_934_882_113,
    received: 8_120_331,
  })
  const backup = traffic(random, {
    time: at('12:30:00'),
    from: person('jonas.lind').laptop,
    to: '10.20.0.15',
    port: 445,
    action: 'close',
    sent: 3_204_118_540,
    received: 1_204_331,
  })
  return [...usual, ...scan, upload, backup].sort((a, b) => a.time - b.time)
}

/** The VPN's session log, a CSV: time, user, source_ip, country, device, result, reason. */
export function vpnLines(random: Random): TimedLine[] {
  const line = (
    time: number,
    user: string,
    ip: string,
    country: string,
    device: string,
    result = 'success',
    reason = '',
  ) => ({
    time,
    text: [
      new Date(time).toISOString(),
      user,
      ip,
      country,
      device,
      result,
      reason.includes(',') ? `"${reason}"` : reason,
    ].join(','),
  })
  const usual = moments(random, 140).map((time) => {
    const someone = random.pick(people)
    const failed = random.chance(0.06)
    return line(
      time,
      someone.name,
      someone.ip,
      someone.country,
      `${someone.name.split('.')[0]}-laptop`,
      failed ? 'failure' : 'success',
      failed ? 'certificate expired, renew in the portal' : '',
    )
  })
  const odd = [
    line(at('09:02:14'), 'lucas.meyer', person('lucas.meyer').ip, 'DE', 'lucas-laptop'),
    line(at('09:31:37'), 'lucas.meyer', '203.0.113.201', 'BR', 'DESKTOP-7Q2M1KX'),
    // A journey: two countries, but ten hours apart.
    line(at('07:10:00'), 'hana.kato', person('hana.kato').ip, 'DE', 'hana-laptop'),
    line(at('19:45:00'), 'hana.kato', '192.0.2.77', 'JP', 'hana-phone'),
  ]
  return [...usual, ...odd]
    .filter(({ time, text }) => !(text.includes('hana.kato,198') && time > at('16:00')))
    .sort((a, b) => a.time - b.time)
}
