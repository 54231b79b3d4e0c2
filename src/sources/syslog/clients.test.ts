import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { untrustedCertificate, untrustedKey } from '../../testing/untrusted-certificate.ts'
import { startListening } from '../listen/fixture.ts'
import { relp } from '../relp/index.ts'
import { syslog } from './index.ts'

/**
 * Senders that people really use: Debian's rsyslog and syslog-ng, as `.ci/packages` brings them. Each follows a file and sends
 * its lines over every protocol.
 */
const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin']
const rsyslogd = folders.map((folder) => join(folder, 'rsyslogd')).find((path) => existsSync(path))
const unpacked = join(import.meta.dirname, '../../../node_modules/.cache/syslog-ng')
const syslogNg = [...folders.map((folder) => join(folder, 'syslog-ng')), join(unpacked, 'usr/sbin/syslog-ng')].find(
  (path) => existsSync(path),
)

const count = 200
const numbers = Array.from({ length: count }, (_, n) => `number ${n} of ${count}: é "quoted" [b]`)

/** A folder with a file to follow, and a certificate for both sides. */
function createFolder() {
  const dir = mkdtempSync(join(tmpdir(), 'streamalert-senders-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const at = (name: string) => join(dir, name)
  writeFileSync(at('in.log'), numbers.map((text) => `${text}\n`).join(''))
  writeFileSync(at('cert.pem'), untrustedCertificate)
  writeFileSync(at('key.pem'), untrustedKey)
  return { dir, at }
}

const tlsOf = ({ at }: ReturnType<typeof createFolder>) => ({
  cert: at('cert.pem'),
  key: at('key.pem'),
  clientCa: at('cert.pem'),
})

/** A receiver of each protocol; `clientCa` makes the sender show a certificate. */
async function listenTo(folder: ReturnType<typeof createFolder>) {
  const listen = '127.0.0.1:0'
  const [udp, tcp, lines, tls] = await Promise.all([
    startListening(syslog, { udp: listen }),
    startListening(syslog, { tcp: listen }),
    startListening(syslog, { tcp: listen }),
    startListening(syslog, { tls: { listen, ...tlsOf(folder) } }),
  ])
  return { udp, tcp, lines, tls }
}

/** Runs a sender until the test has finished; what it says is shown when the test fails. */
function start(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): () => string {
  let said = ''
  const child: ChildProcess = spawn(program, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  child.stdout?.on('data', (text) => (said += String(text)))
  child.stderr?.on('data', (text) => (said += String(text)))
  onTestFinished(async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    if (child.exitCode === null && child.kill('SIGKILL')) await ended
  })
  return () => said
}

type Receivers = Readonly<Record<string, { texts(): readonly string[] }>>

const textOf = (message: string) => /^<\d+>.*(number \d+ of .*)$/.exec(message)?.[1] ?? message

/** Waits until each receiver has so many messages; answers what lines they have behind a head of syslog. */
async function received(receivers: Receivers, said: () => string) {
  const entries = Object.entries(receivers)
  const short = () => entries.filter(([, { texts }]) => texts().length < count).map(([name]) => name)
  for (let tries = 0; short().length > 0; tries++) {
    if (tries > 800) throw new Error(`Not all came to ${short().join(', ')}.\n${said()}`)
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
  return Object.fromEntries(entries.map(([name, { texts }]) => [name, texts().map(textOf).toSorted()]))
}

/** Each of them has each line once. */
const allOf = (receivers: Receivers) =>
  Object.fromEntries(Object.keys(receivers).map((name) => [name, numbers.toSorted()]))

const missing = (name: string) => `There is no ${name} here; .ci/packages brings it.`

describe('real senders', () => {
  test('rsyslog over UDP, TCP in both framings, TLS and RELP', async ({ skip }) => {
    skip(
      rsyslogd === undefined || globSync('/usr/lib/*/rsyslog/{omrelp,lmnsd_gtls}.so').length < 2,
      missing('rsyslog with RELP and GnuTLS'),
    )
    const folder = createFolder()
    const { dir, at } = folder
    const { udp, tcp, lines, tls } = await listenTo(folder)
    const acknowledged = await startListening(relp, { listen: '127.0.0.1:0' })
    const secure = await startListening(relp, { listen: '127.0.0.1:0', tls: tlsOf(folder) })
    const target = ({ port }: { port: number }) =>
      `target="127.0.0.1" port="${port}" template="RSYSLOG_SyslogProtocol23Format"`
    const files = `tls.cacert="${at('cert.pem')}" tls.mycert="${at('cert.pem')}" tls.myprivkey="${at('key.pem')}"`
    writeFileSync(
      at('rsyslog.conf'),
      `
global(workDirectory="${dir}" defaultNetstreamDriverCAFile="${at('cert.pem')}" defaultNetstreamDriverCertFile="${at('cert.pem')}" defaultNetstreamDriverKeyFile="${at('key.pem')}")
module(load="imfile" mode="polling" pollingInterval="1")
module(load="omrelp")
input(type="imfile" file="${at('in.log')}" tag="numbers" severity="info" facility="local0")
action(type="omfwd" protocol="udp" ${target(udp)})
action(type="omfwd" protocol="tcp" tcp_framing="octet-counted" ${target(tcp)})
action(type="omfwd" protocol="tcp" ${target(lines)})
action(type="omfwd" protocol="tcp" streamDriver="gtls" streamDriverMode="1" streamDriverAuthMode="x509/name" streamDriverPermittedPeers="localhost" ${target(tls)})
action(type="omrelp" ${target(acknowledged)})
action(type="omrelp" tls="on" tls.authMode="name" tls.permittedPeer=["localhost"] ${files} ${target(secure)})
`,
    )
    const said = start(rsyslogd!, ['-n', '-f', at('rsyslog.conf'), '-i', at('rsyslog.pid')])
    const receivers = { udp, tcp, lines, tls, acknowledged, secure }
    expect(await received(receivers, said)).toEqual(allOf(receivers))
  })

  test('syslog-ng over UDP, TCP in both framings and TLS', async ({ skip }) => {
    skip(syslogNg === undefined, missing('syslog-ng'))
    const program = syslogNg!
    const root = dirname(dirname(dirname(program)))
    const [library] = globSync(join(root, 'usr/lib/**/libsyslog-ng-*.so*'))
    const [modules] = globSync(join(root, 'usr/lib/syslog-ng/*/libaffile.so'))
    const env = { LD_LIBRARY_PATH: dirname(library ?? '') }
    const version = /Config version: (\S+)/.exec(execFileSync(program, ['--version'], { env }).toString())?.[1]
    const folder = createFolder()
    const { at } = folder
    const { udp, tcp, lines, tls } = await listenTo(folder)
    const files = `ca-file("${at('cert.pem')}") cert-file("${at('cert.pem')}") key-file("${at('key.pem')}")`
    writeFileSync(
      at('syslog-ng.conf'),
      `@version: ${version}
options { stats-freq(0); };
source numbers { file("${at('in.log')}" flags(no-parse) follow-freq(1)); };
log { source(numbers);
  destination { syslog("127.0.0.1" transport("udp") port(${udp.port})); };
  destination { syslog("127.0.0.1" transport("tcp") port(${tcp.port})); };
  destination { network("127.0.0.1" transport("tcp") port(${lines.port})); };
  destination { syslog("127.0.0.1" transport("tls") port(${tls.port}) tls(${files} peer-verify(required-untrusted))); };
};
`,
    )
    const own = ['-f', at('syslog-ng.conf'), '-R', at('persist'), '-p', at('pid'), '-c', at('control')]
    const said = start(program, ['-F', '--no-caps', '--module-path', dirname(modules ?? ''), ...own], env)
    const receivers = { udp, tcp, lines, tls }
    expect(await received(receivers, said)).toEqual(allOf(receivers))
  })
})
