import { defineRule } from 'streamalert'
import { sshd } from 'streamalert/schemas'

export default defineRule({
  name: 'ssh-root-login',
  description: 'Somebody signed in by SSH as root instead of as themselves.',
  severity: 'high',
  schemas: [sshd],
  attack: ['T1021.004'],
  match: (record) => record.event === 'login' && record.user === 'root',
  title: (record) => `root signed in to ${record.hostname} from ${record.client_ip}`,
  context: (record) => ({ method: record.method }),
})
