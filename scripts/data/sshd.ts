import type { Random } from './random.ts'
import { at, attackers, bastions, moments, people } from './world.ts'

/** A line of /var/log/auth.log with its time, so that lines can be put in order. */
export interface TimedLine {
  readonly time: number
  readonly text: string
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** The head of RFC 3164, §4.1.2: month, day padded with a space, time, host; neither year nor zone. */
function syslog(time: number, host: string, program: string, message: string): TimedLine {
  const date = new Date(time)
  const dayOfMonth = String(date.getUTCDate()).padStart(2, ' ')
  const clock = date.toISOString().slice(11, 19)
  return { time, text: `${months[date.getUTCMonth()]} ${dayOfMonth} ${clock} ${host} ${program}: ${message}` }
}

const sessionOf = (random: Random) => `sshd[${random.integer(1000, 64000)}]`
const port = (random: Random) => random.integer(32768, 60999)

/** Lines of two bastion hosts over the day: work, scanners, and one break-in. */
export function sshdLines(random: Random): TimedLine[] {
  const lines = moments(random, 170).flatMap((time) => session(random, time, random.pick(bastions)))
  lines.push(...knocking(random), ...breakIn(random), ...typingErrors(random))
  return lines.sort((a, b) => a.time - b.time)
}

function session(random: Random, time: number, host: string): TimedLine[] {
  const someone = random.pick(people)
  const user = someone.name.split('.')[0]!
  const program = sessionOf(random)
  const from = port(random)
  const end = time + random.integer(20, 3_000) * 1000
  const key = random.text(43, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')
  return [
    syslog(
      time,
      host,
      program,
      `Accepted publickey for ${user} from ${someone.ip} port ${from} ssh2: ED25519 SHA256:${key}`,
    ),
    syslog(
      time + 40,
      host,
      program,
      `pam_unix(sshd:session): session opened for user ${user}(uid=${1000 + people.indexOf(someone)}) by (uid=0)`,
    ),
    syslog(end, host, program, `Received disconnect from ${someone.ip} port ${from}:11: disconnected by user`),
    syslog(end + 3, host, program, `Disconnected from user ${user} ${someone.ip} port ${from}`),
    syslog(end + 9, host, program, `pam_unix(sshd:session): session closed for user ${user}`),
  ]
}

const guesses = ['admin', 'test', 'oracle', 'postgres', 'ubuntu', 'git', 'jenkins', 'ftpuser', 'user', 'pi']

/** One failed password; users that do not exist are announced first. */
function failure(random: Random, time: number, host: string, ip: string, user: string): TimedLine[] {
  const program = sessionOf(random)
  const from = port(random)
  const exists = user === 'root' || user === 'deploy' || user === 'sofia'
  return [
    ...(exists ? [] : [syslog(time, host, program, `Invalid user ${user} from ${ip} port ${from}`)]),
    syslog(
      time + 1400,
      host,
      program,
      `Failed password for ${exists ? '' : 'invalid user '}${user} from ${ip} port ${from} ssh2`,
    ),
    syslog(
      time + 1900,
      host,
      program,
      `Connection closed by ${exists ? 'authenticating' : 'invalid'} user ${user} ${ip} port ${from} [preauth]`,
    ),
  ]
}

/** A scanner that never gets in: noise that every host on the internet sees. */
function knocking(random: Random): TimedLine[] {
  return moments(random, 60).flatMap((time) =>
    failure(random, time, random.pick(bastions), attackers.scanner, random.pick([...guesses, 'root'])),
  )
}

/** 150 guesses in 25 minutes, and then the right one. */
function breakIn(random: Random): TimedLine[] {
  const start = at('02:12')
  const tries = Array.from({ length: 150 }, (_, n) =>
    failure(
      random,
      start + n * 10_000 + random.integer(0, 4_000),
      'bastion-1',
      attackers.intruder,
      n % 5 === 0 ? 'deploy' : random.pick(guesses),
    ),
  ).flat()
  const success = at('02:38:21')
  const program = sessionOf(random)
  return [
    ...tries,
    syslog(success, 'bastion-1', program, `Accepted password for deploy from ${attackers.intruder} port 50122 ssh2`),
    syslog(
      success + 60,
      'bastion-1',
      program,
      'pam_unix(sshd:session): session opened for user deploy(uid=1100) by (uid=0)',
    ),
  ]
}

/** A colleague mistypes a password twice and then gets in: no attack. */
function typingErrors(random: Random): TimedLine[] {
  const ip = '192.0.2.19'
  return [
    ...failure(random, at('14:11:03'), 'bastion-2', ip, 'sofia'),
    ...failure(random, at('14:11:19'), 'bastion-2', ip, 'sofia'),
    syslog(
      at('14:11:40'),
      'bastion-2',
      sessionOf(random),
      `Accepted password for sofia from ${ip} port ${port(random)} ssh2`,
    ),
  ]
}
