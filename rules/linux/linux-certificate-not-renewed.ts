import { linuxSyslog } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'

export default defineRule({
  name: 'linux-certificate-not-renewed',
  description: 'A certificate of a Linux host could not be renewed, or has expired.',
  severity: 'medium',
  schemas: [linuxSyslog],
  where: [
    {
      appname: { oneOf: ['certbot', 'acme.sh', 'dehydrated', 'lego', 'caddy', 'traefik', 'cert-manager'] },
      message: { matches: /fail|error|unable|could not|rate ?limit/i },
    },
    { message: { contains: ['certificate has expired', 'certificate is expired', 'certificate will expire'] } },
  ],
  title: (record) => `A certificate of ${record.hostname ?? 'a host'} is not renewed`,
  context: (record) => ({ program: record.appname, message: record.message }),
  merge: { by: ['hostname'], window: '1d' },
  tags: ['linux', 'hosts', 'infrastructure'],
  references: ['https://eff-certbot.readthedocs.io/en/stable/using.html#renewing-certificates'],
  runbook:
    '1. See when it expires: openssl x509 -enddate. 2. Read why it failed: the domain must answer from outside. 3. Renew by hand, and load it into the server.',
  falsePositives: ['Certificates of others that a program met: the message names the peer.'],
})
