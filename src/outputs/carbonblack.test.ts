import { expect, test } from 'vitest'
import type { Alert } from '../core/contracts/index.ts'
import { startServer } from '../testing/http-server.ts'
import { httpOutputContract } from '../testing/output-contract.ts'
import { createOutputHost } from '../testing/output-host.ts'
import { messageOf, sampleAlert } from '../testing/sample-alert.ts'
import carbonblack from './carbonblack.ts'

const banning = (value: unknown, action = 'ban'): Alert => ({
  ...sampleAlert,
  context: { carbonblack: { action, value } },
})
const sha256 = 'E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855'
const md5 = 'd41d8cd98f00b204e9800998ecf8427e'
const reason = `StreamAlert: sudo-in-pci, alert ${sampleAlert.id}`

httpOutputContract({
  kind: carbonblack,
  config: (url) => ({ url, token: 'secret:TOKEN', orgKey: '7DESJ9GN' }),
  secrets: { TOKEN: 'C4RB0NBL4CKS3CR3T/AP1ID' },
  alert: banning(sha256),
  request: () => ({
    method: 'POST',
    path: '/appservices/v6/orgs/7DESJ9GN/reputations/overrides',
    headers: { 'x-auth-token': 'C4RB0NBL4CKS3CR3T/AP1ID', 'content-type': 'application/json' },
    json: {
      override_list: 'BLACK_LIST',
      override_type: 'SHA256',
      sha256_hash: sha256.toLowerCase(),
      description: reason,
    },
  }),
  success: { status: 201, body: '{"id":"83008db065a611eb9a953907c2e1ed66"}' },
})

async function send(alert: Alert, status = 200) {
  await using server = await startServer([{ status }])
  const config = carbonblack.config.parse({ url: server.url, token: 't0k3n' })
  const sent = carbonblack.create(config, createOutputHost()).send(messageOf(alert), AbortSignal.timeout(10_000))
  return { error: await sent.catch((error: unknown) => error), requests: server.requests }
}

test('EDR bans an MD5; one that is banned already is fine', async () => {
  const { error, requests } = await send(banning(md5), 409)
  expect(error).toBeUndefined()
  expect(requests[0]?.path).toBe('/api/v1/banning/blacklist')
  expect(JSON.parse(requests[0]!.body)).toEqual({
    md5hash: md5,
    text: reason,
    last_ban_time: '0',
    ban_count: '0',
    last_ban_host: '0',
  })
})

test.each([sampleAlert, banning(sha256), banning(md5, 'unban'), banning(7), banning('../etc')])(
  'a context that says nothing to ban: never',
  async (alert) => {
    const { error, requests } = await send(alert)
    expect(error).toMatchObject({ code: 'OUTPUT_REJECTED', retry: 'never' })
    expect(requests).toEqual([])
  },
)
