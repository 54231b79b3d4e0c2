import { expect, test } from 'vitest'
import { startHttp } from '../../fixture.ts'

const ndjson = { 'content-type': 'application/x-ndjson' }

test('_bulk: takes what is created and indexed, and answers each item by itself', async () => {
  const { post, taken, counts } = await startHttp()
  const lines = [
    '{"create":{"_index":"logs"}}',
    '{"message": "as it was sent", "big": 12345678901234567890}',
    '{"index":{"_id":"7"}}',
    '{"n":2}',
    '{"create":{}}',
    '{"broken":',
    '{"delete":{"_id":"7"}}',
    '{"update":{"_id":"7"}}',
    '{"doc":{}}',
    '{"index":{}}',
    '{"n":3}',
  ]
  const response = await post('/filebeat-8.15/_bulk?filter_path=errors', `${lines.join('\n')}\r\n`, ndjson)
  expect(response.status).toBe(200)
  expect(response.headers.get('x-elastic-product')).toBe('Elasticsearch')
  const answer = (await response.json()) as {
    errors: boolean
    items: Record<string, { status: number; _index: string }>[]
  }
  expect(answer.errors).toBe(true)
  const statuses = answer.items.map(
    (item) => Object.entries(item).map(([action, { status }]) => `${action} ${status}`)[0],
  )
  expect(statuses).toEqual(['create 201', 'index 201', 'create 400', 'delete 400', 'update 400', 'index 201'])
  expect(answer.items.map((item) => Object.values(item)[0]!._index).slice(0, 2)).toEqual(['logs', 'filebeat-8.15'])
  expect((await taken(3)).toSorted((a, b) => a.length - b.length)).toEqual(['{"n":2}', '{"n":3}', lines[1]])
  expect(counts.get('refused')).toBe(3)
})

test('_bulk: gives the original text, or the document with its index', async () => {
  const text = await startHttp({ text: ['log', 'message'] })
  const body = '{"create":{"_index":"a"}}\n{"message":"a line"}\n{"create":{}}\n{"log":"b line","message":1}\n'
  await text.post('/_bulk', body, ndjson)
  expect((await text.taken(2)).toSorted()).toEqual(['a line', 'b line'])
  const whole = await startHttp({ envelope: true, text: ['message'] })
  await whole.post('/_bulk', body, ndjson)
  expect((await whole.taken(2))[0]).toBe('{"_index":"a","_id":null,"_source":{"message":"a line"}}')
})

test('answers what agents ask before they send', async () => {
  const { url } = await startHttp({ tokens: ['secret:BEATS'] }, { BEATS: 'beats:s3cret' })
  const ask = (path: string, method = 'GET', secret = 'beats:s3cret') =>
    fetch(url + path, { method, headers: { authorization: `Basic ${btoa(secret)}` } })
  const about = (await (await ask('/')).json()) as { version: { number: string }; tagline: string }
  expect(about.version.number).toMatch(/^8\./)
  for (const [method, path] of [
    ['HEAD', '/'],
    ['GET', '/_license'],
    ['GET', '/_xpack'],
    ['GET', '/_cluster/health'],
    ['GET', '/_nodes/http'],
    ['GET', '/_index_template/filebeat-8.15.0'],
    ['HEAD', '/_index_template/filebeat-8.15.0'],
    ['PUT', '/_index_template/filebeat-8.15.0'],
    ['PUT', '/_ilm/policy/filebeat'],
    ['PUT', '/_data_stream/filebeat-8.15.0'],
    ['HEAD', '/filebeat-8.15.0'],
    ['PUT', '/filebeat-8.15.0'],
  ] as const) {
    const response = await ask(path, method)
    expect([method, path, response.status]).toEqual([method, path, 200])
    expect(response.headers.get('x-elastic-product')).toBe('Elasticsearch')
  }
  const data = await fetch(`${url}/logs`, {
    method: 'PUT',
    body: '{"n":1}',
    headers: { authorization: `Basic ${btoa('beats:s3cret')}` },
  })
  expect(data.status).toBe(400)
  const wrong = await ask('/', 'GET', 'beats:wrong')
  expect([wrong.status, await wrong.json()]).toMatchObject([
    401,
    { error: { type: 'security_exception' }, status: 401 },
  ])
  expect((await ask('/_search', 'GET')).status).toBe(405)
})
