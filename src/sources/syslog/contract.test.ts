import { sourceContract } from '../../testing/source-contract.ts'
import { listeningPlace, send } from '../listen/fixture.ts'
import { syslog } from './index.ts'

sourceContract('syslog', () =>
  listeningPlace(syslog, { tcp: '127.0.0.1:0' }, ({ port }, texts) =>
    send(Number(port), texts.map((text) => `${text}\n`).join('')),
  ),
)
