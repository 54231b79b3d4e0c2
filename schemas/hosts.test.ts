import { expect, test } from 'vitest'
import { compileClassifier } from '../src/core/classify/index.ts'
import type { Schema } from '../src/core/contracts/index.ts'
import { auditd, sshd, sudo } from './index.ts'

const read = (schema: Schema, text: string) => {
  const [found] = compileClassifier([schema]).classify(text, { first: true })
  return found && 'schema' in found ? found.data : found
}

const ssh = (message: string) => read(sshd, `Mar  5 08:00:00 web-1 sshd[4711]: ${message}`)

test.each([
  [
    'Failed password for invalid user a b from 203.0.113.66 port 50123 ssh2',
    {
      event: 'login_failed',
      method: 'password',
      user_state: 'invalid',
      user: 'a b',
      client_ip: '203.0.113.66',
      client_port: 50123,
      detail: 'ssh2',
    },
  ],
  [
    'Failed none for root from 2001:db8::7 port 50123 ssh2',
    { event: 'login_failed', method: 'none', user: 'root', client_ip: '2001:db8::7', client_port: 50123 },
  ],
  [
    'Accepted publickey for amira from 203.0.113.20 port 50124 ssh2: ED25519 SHA256:EXAMPLE',
    {
      event: 'login',
      method: 'publickey',
      user: 'amira',
      client_ip: '203.0.113.20',
      detail: 'ssh2: ED25519 SHA256:EXAMPLE',
    },
  ],
  ['Invalid user  from 203.0.113.66', { event: 'invalid_user', user: '', client_ip: '203.0.113.66' }],
  [
    'Connection closed by authenticating user root 203.0.113.66 port 50126 [preauth]',
    {
      event: 'connection_closed',
      user_state: 'authenticating',
      user: 'root',
      client_ip: '203.0.113.66',
      client_port: 50126,
      detail: '[preauth]',
    },
  ],
  ['Connection closed by 203.0.113.66 port 50126', { event: 'connection_closed', client_ip: '203.0.113.66' }],
  [
    'Disconnected from user amira 203.0.113.20 port 5',
    { event: 'disconnected', user: 'amira', client_ip: '203.0.113.20' },
  ],
  [
    'Received disconnect from 203.0.113.20 port 5:11: bye',
    { event: 'disconnect_received', client_port: 5, detail: '11: bye' },
  ],
  [
    'Received disconnect from 203.0.113.20: 11: bye',
    { event: 'disconnect_received', client_ip: '203.0.113.20', detail: '11: bye' },
  ],
  [
    'message repeated 2 times: [ Failed password for root from 203.0.113.66 port 50123 ssh2]',
    { event: 'repeated', times: 2, user: 'root', client_ip: '203.0.113.66' },
  ],
  [
    'pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.66  user=root',
    { event: 'pam_failed', client_ip: '203.0.113.66', user: 'root' },
  ],
  [
    'pam_unix(sshd:session): session opened for user amira(uid=1000) by (uid=0)',
    { event: 'session_opened', user: 'amira' },
  ],
  ['Server listening on 0.0.0.0 port 22.', { event: 'other', message: 'Server listening on 0.0.0.0 port 22.' }],
])('sshd: %s', (message, expected) => {
  expect(ssh(message)).toMatchObject({ message, hostname: 'web-1', procid: '4711', ...expected })
})

test('a user name cannot pass for a successful login', () => {
  expect(
    ssh('Failed password for invalid user x from 192.0.2.1 port 1 ssh2 from 203.0.113.66 port 2 ssh2'),
  ).toMatchObject({
    event: 'login_failed',
    client_ip: '203.0.113.66',
    client_port: 2,
  })
})

test.each([
  [
    '   amira : TTY=pts/0 ; PWD=/home/amira ; USER=root ; COMMAND=/bin/sh -c id ; echo x',
    { event: 'command', user: 'amira', run_as: 'root', pwd: '/home/amira', command: '/bin/sh -c id ; echo x' },
  ],
  [
    'tomas : 3 incorrect password attempts ; TTY=pts/1 ; PWD=/ ; USER=root ; COMMAND=/usr/bin/id',
    { event: 'command', user: 'tomas', problem: '3 incorrect password attempts' },
  ],
  [
    'pam_unix(sudo:session): session opened for user root(uid=0) by amira(uid=1000)',
    { event: 'session_opened', user: 'amira', run_as: 'root' },
  ],
])('sudo: %s', (message, expected) => {
  expect(read(sudo, `Mar  5 08:00:00 web-1 sudo: ${message}`)).toMatchObject(expected)
})

test('auditd: pairs of user messages join the others, encoded texts are decoded', () => {
  const user = `type=USER_CMD msg=audit(1709625600.123:9): pid=7 auid=1000 msg='cwd="/root" cmd=636174202F6574632F736861646F77 terminal=pts/0 res=success'`
  expect(read(auditd, user)).toMatchObject({
    type: 'USER_CMD',
    time: '1709625600.123',
    serial: '9',
    pid: '7',
    cwd: '/root',
    cmd: 'cat /etc/shadow',
    res: 'success',
  })
  const exec = `Mar  5 08:00:00 web-1 audispd: node=web-1 type=EXECVE msg=audit(1709625600.123:9): argc=3 a0="sh" a1="-c" a2=6964203B206964`
  expect(read(auditd, exec)).toMatchObject({ node: 'web-1', command: 'sh -c id ; id' })
  const call = 'type=SYSCALL msg=audit(1709625600.123:9): syscall=59 a0=61 comm="cat"\x1dSYSCALL=execve AUID="amira"'
  expect(read(auditd, call)).toMatchObject({ a0: '61', comm: 'cat', SYSCALL: 'execve', AUID: 'amira' })
})

test('auditd: keys of log data change no prototype', () => {
  const found = read(auditd, `type=X msg=audit(1.0:1): __proto__=a msg='__proto__=b toString=c'`) as Record<
    string,
    unknown
  >
  expect(Object.getPrototypeOf(found)).toBe(Object.prototype)
  expect(Object.hasOwn(found, 'toString')).toBe(true)
})
