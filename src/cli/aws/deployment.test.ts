import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasTerraform, type OfflineTerraform, startOffline } from '../../../infra/offline/terraform.ts'
import { type AwsServer, startAwsServer } from '../../testing/aws-json-server.ts'
import { projectFolder } from '../../testing/project-folder.ts'
import { build } from '../commands/build.ts'
import { deploy } from '../commands/deploy.ts'
import { destroy } from '../commands/destroy.ts'
import { doctor } from '../commands/doctor.ts'
import { setSecret } from '../commands/secret.ts'
import { inProcess } from '../fixture.ts'
import { awsClients } from './clients.ts'
import type { Means } from './means.ts'
import { makeStateBucket } from './state-bucket.ts'
import { machineTerraform, type Outcome, type Terraform } from './terraform.ts'

const account = '123456789012'
const yaml = `clusters: { prod: }
outputs:
  slack: { security: { url: secret:SLACK } }
  aws-sns: { pager: { topic: 'arn:aws:sns:eu-central-1:${account}:pager' } }
aws:
  region: eu-central-1
  prefix: acme
  account: '${account}'
  api: { access: [{ principals: ['arn:aws:iam::${account}:role/security'], role: viewer, clusters: all }] }
  clusters: { prod: { buckets: { trail: } } }
`
const zips = { 'ingest.zip': 'i', 'dispatch.zip': 'd', 'compact.zip': 'c', 'api.zip': 'a' }
const bucket = 'acme-terraform-state-123456789012'

const steps = ['?publicAccessBlock=', '?encryption=', '?versioning=', '?lifecycle=', '?policy=']

/** AWS as far as deployment asks it, with a bucket that comes to be. */
async function startAws(quota = 1000): Promise<AwsServer> {
  let exists = false
  return startAwsServer({
    'GET /?Action=GetCallerIdentity&Version=2011-06-15': () => ({
      GetCallerIdentityResponse: {
        GetCallerIdentityResult: { Account: account, Arn: `arn:aws:iam::${account}:user/me` },
      },
    }),
    [`HEAD /${bucket}/`]: () => {
      if (!exists) throw { type: 'NotFound', status: 404 }
    },
    [`PUT /${bucket}/`]: () => void (exists = true),
    ...Object.fromEntries(steps.map((step) => [`PUT /${bucket}/${step}`, () => undefined])),
    'GET /2016-08-19/account-settings': () => ({ AccountLimit: { ConcurrentExecutions: quota } }),
    PutSecretValue: ({ SecretId: id }: { SecretId: string }) => {
      if (id !== 'acme/outputs/SLACK') throw { type: 'ResourceNotFoundException' }
      return {}
    },
    ...Object.fromEntries(
      ['acme-prod-ingest', 'acme-prod-dispatch', 'acme-api'].flatMap((name) => [
        [`PUT /2015-03-31/functions/${name}/code`, () => ({ CodeSha256: 'x' })],
        [`GET /2015-03-31/functions/${name}/configuration`, () => ({ LastUpdateStatus: 'Successful' })],
      ]),
    ),
  })
}

const meansOf = (aws: AwsServer, terraform: Terraform, input = inProcess('.').input): Means => ({
  terraform,
  aws: (region) => awsClients(region, { endpoint: aws.url, keys: { accessKeyId: 'a', secretAccessKey: 'b' } }),
  input,
})

const operations = ({ calls }: AwsServer) => calls.map(({ operation }) => operation.replace(/\?x-id=\w+$/, ''))

test('without --yes and without a person nothing is changed; --rules replaces code and nothing else', async () => {
  await using aws = await startAws()
  const dir = projectFolder({ 'streamalert.yaml': yaml, ...prefixed('.streamalert/build/', zips) })
  const means = meansOf(aws, async () => {
    throw new Error('Terraform is not needed.')
  })
  const { cli, lines } = inProcess(dir, { json: true })
  await expect(deploy(cli, { rules: true }, means)).rejects.toMatchObject({ code: 'USAGE' })
  expect(await deploy(cli, { rules: true, yes: true }, means)).toBe(0)
  expect(lines()).toEqual(
    ['acme-prod-ingest', 'acme-prod-dispatch', 'acme-api'].map((name) => ({ function: name, sha256: 'x' })),
  )
  const code = aws.calls.find(({ operation }) => operation.endsWith('acme-prod-ingest/code'))
  expect(code?.input).toMatchObject({ ZipFile: Buffer.from('i').toString('base64'), Architectures: ['arm64'] })
})

test('a wrong account, packages that are absent, and a Terraform that is too old are refused', async () => {
  await using aws = await startAws()
  const old: Terraform = async () => ({ code: 0, stdout: '{"terraform_version":"1.10.5"}', stderr: '' })
  const at = (text: string) =>
    inProcess(projectFolder({ 'streamalert.yaml': text, ...prefixed('.streamalert/build/', zips) })).cli
  await expect(
    deploy(
      at(yaml.replace(`account: '${account}'`, "account: '210987654321'")),
      { yes: true, rules: true },
      meansOf(aws, old),
    ),
  ).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining(account),
  })
  await expect(deploy(at(yaml), { yes: true, packages: '/nowhere' }, meansOf(aws, old))).rejects.toMatchObject({
    code: 'PACKAGE_MISSING',
  })
  await expect(deploy(at(yaml), { yes: true }, meansOf(aws, old))).rejects.toMatchObject({ code: 'TERRAFORM_MISSING' })
  await expect(build(at('clusters: { prod: }'), {}, meansOf(aws, old))).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
  })
  expect(aws.calls.filter(({ operation }) => operation.startsWith('PUT'))).toEqual([])
  await expect(machineTerraform('/nowhere-at-all', ['version'])).rejects.toMatchObject({ code: 'TERRAFORM_MISSING' })
})

test('secret set --aws puts the value where outputs look, and shows it nowhere', async () => {
  await using aws = await startAws()
  const { cli, input, said, lines } = inProcess(projectFolder({ 'streamalert.yaml': yaml }), {
    json: true,
    stdin: 'xoxb-marker',
  })
  const { aws: clients } = meansOf(aws, machineTerraform)
  expect(await setSecret(cli, 'SLACK', { aws: true }, input, clients)).toBe(0)
  expect(lines()).toEqual([{ name: 'SLACK', provider: 'aws-secrets-manager', id: 'acme/outputs/SLACK' }])
  expect(aws.calls.at(-1)?.input).toMatchObject({ SecretId: 'acme/outputs/SLACK', SecretString: 'xoxb-marker' })
  await expect(setSecret(cli, 'OTHER', { aws: true }, input, clients)).rejects.toMatchObject({
    code: 'NOT_FOUND',
    hint: expect.stringContaining('No output'),
  })
  await expect(setSecret(cli, 'SLACK#key', { aws: true }, input, clients)).rejects.toMatchObject({ code: 'USAGE' })
  expect(JSON.stringify(said)).not.toContain('xoxb')
})

const prefixed = (folder: string, files: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [folder + name, text]))

/** Terraform as far as the commands hear of it: what `answers` say for the first word, in turn; the last goes on. */
function scripted(answers: Readonly<Record<string, readonly Partial<Outcome>[]>>) {
  const said: (readonly string[])[] = []
  const terraform: Terraform = async (_, args) => {
    const turn = said.filter(([command]) => command === args[0]).length
    said.push(args)
    const own = answers[args[0]!] ?? []
    return { code: 0, stdout: '', stderr: '', ...(own[turn] ?? own.at(-1)) }
  }
  return { terraform, said }
}

const version = [{ stdout: '{"terraform_version":"1.11.4"}' }]
const shown = (...changes: readonly (readonly [address: string, action: string])[]) => ({
  stdout: JSON.stringify({
    resource_changes: changes.map(([address, action]) => ({
      address,
      mode: 'managed',
      type: address.split('.').at(-2),
      change: { actions: [action] },
    })),
  }),
})

test('deploy: the bucket of the state is made first, then what the plan says; what is left to do is told', async () => {
  await using aws = await startAws()
  const dir = projectFolder({ 'streamalert.yaml': yaml, ...prefixed('zips/', zips) })
  const flags = { packages: join(dir, 'zips'), yes: true } as const
  const { terraform, said } = scripted({
    version,
    plan: [{ stdout: 'Plan: 1 to add' }],
    show: [shown(['module.api.aws_lambda_function.this', 'create'])],
    output: [{ stdout: JSON.stringify({ api_url: { value: 'https://api' } }) }],
  })
  const { cli, lines, said: texts } = inProcess(dir, { json: true })
  expect(await deploy(cli, flags, meansOf(aws, terraform))).toBe(0)
  expect(lines()).toEqual([
    { step: 'plan', add: 1, change: 0, destroy: 0 },
    { step: 'done', outputs: { api_url: 'https://api' }, secrets: ['SLACK'] },
  ])
  expect(texts.stderr).toContain('To be made first: The bucket acme-terraform-state-123456789012 in eu-central-1')
  expect(texts.stderr).toContain('streamalert secret set SLACK --aws')
  expect(operations(aws).filter((one) => one.startsWith('PUT'))).toEqual(
    ['', ...steps].map((step) => `PUT /${bucket}/${step}`),
  )
  expect(aws.calls.find(({ operation }) => operation.includes('?policy'))?.input).toMatchObject({
    Statement: [{ Sid: 'TlsOnly', Effect: 'Deny' }],
  })
  expect(said.map(([command]) => command)).toEqual(['version', 'init', 'plan', 'show', 'apply', 'output'])
  expect(said[1]).toContain(`-backend-config=bucket=${bucket}`)
  const infra = join(dir, '.streamalert/build/infra')
  expect(readFileSync(join(infra, 'versions.tf'), 'utf8')).toContain('use_lockfile = true')
  expect(existsSync(join(infra, 'infra.test.ts'))).toBe(false)
})

test('a quota that is too small is told before anything is made of the plan; functions may share it', async () => {
  await using aws = await startAws(10)
  const { terraform, said } = scripted({ version, show: [shown()], output: [{ stdout: '{}' }] })
  const at = (text: string) =>
    inProcess(projectFolder({ 'streamalert.yaml': text, ...prefixed('.streamalert/build/', zips) })).cli
  await expect(deploy(at(yaml), { yes: true }, meansOf(aws, terraform))).rejects.toMatchObject({
    code: 'AWS_FAILED',
    message: expect.stringContaining('quota is too small'),
    hint: expect.stringContaining('aws.reserveConcurrency: false'),
  })
  expect(said.map(([command]) => command)).not.toContain('plan')
  const sharing = at(yaml.replace('  prefix: acme', '  prefix: acme\n  reserveConcurrency: false'))
  expect(await deploy(sharing, { yes: true }, meansOf(aws, terraform))).toBe(0)
})

test('a person who says no to the plan has nothing deployed', async () => {
  await using aws = await startAws()
  const dir = projectFolder({ 'streamalert.yaml': yaml, ...prefixed('zips/', zips) })
  const { terraform, said } = scripted({ version, show: [shown(['aws_sqs_queue.this', 'create'])] })
  const confirm = async (question: string) => question === 'Make it?'
  const never = async () => ''
  const { cli, input } = inProcess(dir, { ask: { text: never, secret: never, choice: never, confirm } })
  expect(await deploy(cli, { packages: join(dir, 'zips') }, meansOf(aws, terraform, input))).toBe(1)
  expect(said.map(([command]) => command)).not.toContain('apply')
})

test('destroy leaves data alone, and refuses a plan that would not', async () => {
  await using aws = await startAws()
  const dir = projectFolder({ 'streamalert.yaml': yaml })
  const list = [
    'data.aws_region.current',
    'module.cluster["prod"].aws_dynamodb_table.state',
    'module.cluster["prod"].aws_s3_bucket_notification.this["trail"]',
    'module.cluster["prod"].module.bucket["trail"].aws_s3_bucket.this',
    'module.cluster["prod"].module.ingest.aws_lambda_function.this',
    'module.secrets.module.key.aws_kms_key.this',
  ]
  const answers = { version, state: [{ stdout: list.join('\n') }] }
  const { cli } = inProcess(dir)
  const nothing = scripted({ ...answers, show: [shown()] })
  const refused = { code: 'NOT_FOUND' }
  await expect(destroy(cli, { yes: true }, meansOf(aws, nothing.terraform))).rejects.toMatchObject(refused)
  await makeStateBucket(await meansOf(aws, nothing.terraform).aws('eu-central-1').s3(), {
    bucket,
    region: 'eu-central-1',
    account,
  })
  // A first deployment that went no further than the bucket.
  const empty = scripted({ version, state: [{ code: 1, stderr: 'No state file was found!' }] })
  await expect(destroy(cli, { yes: true }, meansOf(aws, empty.terraform))).rejects.toMatchObject(refused)
  expect(await destroy(cli, { yes: true }, meansOf(aws, nothing.terraform))).toBe(0)
  expect(nothing.said.find(([command]) => command === 'plan')?.filter((one) => one.startsWith('-target'))).toEqual(
    [list[2], list[4]].map((address) => `-target=${address}`),
  )
  const wrong = scripted({ ...answers, show: [shown(['aws_dynamodb_table.state', 'delete'])] })
  await expect(destroy(cli, { yes: true }, meansOf(aws, wrong.terraform))).rejects.toMatchObject({ code: 'INTERNAL' })
  expect(wrong.said.map(([command]) => command)).not.toContain('apply')
  const all = scripted({ ...answers, show: [shown()] })
  expect(await destroy(cli, { yes: true, data: true }, meansOf(aws, all.terraform))).toBe(0)
  const plans = all.said.filter(([command]) => command === 'plan').map((args) => args.slice(3))
  expect(plans).toEqual([
    ['-var=deletion_protection=false', `-target=${list[1]}`, `-target=${list[3]}`],
    ['-destroy', '-var=deletion_protection=false'],
  ])
})

test('doctor tells what is in order and what is not', async () => {
  await using aws = await startAws(10)
  const dir = projectFolder({ 'streamalert.yaml': yaml, ...prefixed('zips/', zips) })
  const flags = { packages: join(dir, 'zips') }
  const drifted = { version, plan: [{ code: 2, stdout: 'Plan: 0 to add, 1 to change, 0 to destroy.' }] }
  const { terraform } = scripted(drifted)
  const deployed = scripted({
    ...drifted,
    state: [{ stdout: 'module.api[0].module.function.aws_lambda_function.this' }],
  })
  const first = inProcess(dir, { json: true })
  expect(await doctor(first.cli, flags, meansOf(aws, terraform))).toBe(1)
  expect(first.lines().map(({ check, ok }) => [check, ok])).toEqual([
    ['terraform', true],
    ['credentials', true],
    ['region', true],
    ['packages', true],
    ['quota', false],
    ['drift', null],
  ])
  await makeStateBucket(await meansOf(aws, terraform).aws('eu-central-1').s3(), {
    bucket,
    region: 'eu-central-1',
    account,
  })
  // After a first deployment that made no more than the bucket, or `destroy --data`; and after `destroy`.
  for (const [state, detail] of [
    [{ code: 1, stderr: 'No state file was found!' }, 'nothing is deployed: "streamalert deploy" does it'],
    [{ stdout: 'module.api[0].data.aws_region.current\n' }, 'nothing is deployed: "streamalert deploy" does it'],
    [{ stdout: 'module.data_key.aws_kms_key.this\n' }, expect.stringContaining('only the data')],
  ] as const) {
    const { cli, lines } = inProcess(dir, { json: true })
    await doctor(cli, flags, meansOf(aws, scripted({ version, state: [state] }).terraform))
    expect(lines().at(-1)).toEqual({ check: 'drift', ok: null, detail })
  }
  const second = inProcess(dir, { json: true })
  await doctor(second.cli, flags, meansOf(aws, deployed.terraform))
  expect(second.lines().at(-1)).toMatchObject({ ok: false, detail: expect.stringContaining('1 to change') })
  const failing = scripted({ version: [{ code: 1, stderr: 'no' }] })
  const third = inProcess(dir, { json: true })
  expect(await doctor(third.cli, flags, meansOf(aws, failing.terraform))).toBe(1)
  expect(third.lines()[0]).toEqual({ check: 'terraform', ok: false, detail: 'TERRAFORM_FAILED terraform version:\nno' })
})

// Some thirty runs of Terraform, half a minute of processor time: for CI.
const isAsked = process.env['STREAMALERT_AWS'] === '1'

describe.runIf(isAsked && hasTerraform())('with Terraform', { timeout: 300_000 }, () => {
  let offline: OfflineTerraform
  beforeAll(async () => {
    offline = await startOffline()
  })
  afterAll(() => offline[Symbol.asyncDispose]())

  /** Keeps the state in a file: there is no S3. What the state's bucket is called is looked at all the same. */
  const said: (readonly string[])[] = []
  const terraform: Terraform = (dir, args) => {
    said.push(args)
    writeFileSync(join(dir, 'backend_override.tf'), 'terraform {\n  backend "local" {}\n}\n')
    return offline.run(`-chdir=${dir}`, ...args.filter((one) => !one.startsWith('-backend-config')))
  }

  test('a project is deployed, found as it is, taken down without its data, deployed again, and deleted', async () => {
    await using aws = await startAws()
    const dir = projectFolder({ 'streamalert.yaml': yaml, ...prefixed('zips/', zips) })
    const flags = { packages: join(dir, 'zips'), yes: true } as const
    const run = async (command: typeof deploy | typeof destroy | typeof doctor, more = {}) => {
      const { cli, lines, said: texts } = inProcess(dir, { json: true })
      const code = await command(cli, { ...flags, ...more }, meansOf(aws, terraform))
      return { code, lines: lines(), texts }
    }

    const before = await run(doctor)
    expect(before.lines.filter(({ ok }) => ok === false)).toEqual([])
    expect(before.code).toBe(0)
    expect(before.lines.at(-1)).toEqual({
      check: 'drift',
      ok: null,
      detail: 'nothing is deployed: "streamalert deploy" does it',
    })

    const first = await run(deploy)
    expect(first.code).toBe(0)
    expect(first.lines).toEqual([
      { step: 'plan', add: expect.any(Number), change: 0, destroy: 0 },
      { step: 'done', outputs: expect.objectContaining({ api_url: expect.anything() }), secrets: ['SLACK'] },
    ])
    expect(first.texts.stderr).toContain('streamalert secret set SLACK --aws')
    expect(operations(aws).filter((one) => one.startsWith('PUT'))).toEqual(
      ['', '?publicAccessBlock=', '?encryption=', '?versioning=', '?lifecycle=', '?policy='].map(
        (step) => `PUT /${bucket}/${step}`,
      ),
    )
    expect(aws.calls.find(({ operation }) => operation.includes('?policy'))?.input).toMatchObject({
      Statement: [{ Sid: 'TlsOnly', Effect: 'Deny' }],
    })
    expect(said.find(([command]) => command === 'init')).toContain(`-backend-config=bucket=${bucket}`)
    expect(readFileSync(join(dir, '.streamalert/build/infra/versions.tf'), 'utf8')).toContain('use_lockfile = true')
    expect(existsSync(join(dir, '.streamalert/build/infra/infra.test.ts'))).toBe(false)

    expect((await run(doctor)).lines.at(-1)).toMatchObject({ check: 'drift', ok: true })
    writeFileSync(join(dir, 'streamalert.yaml'), yaml.replace('trail: }', 'trail: }, memory: 2GB'))
    const changed = await run(doctor)
    expect(changed.code).toBe(1)
    expect(changed.lines.at(-1)).toMatchObject({ ok: false, detail: expect.stringContaining('0 to add, 1 to change') })

    const down = await run(destroy)
    const [{ destroy: deleted }] = down.lines as [{ destroy: number }]
    expect(down.code).toBe(0)
    const kept = (await offline.run(`-chdir=${join(dir, '.streamalert/build/infra')}`, 'state', 'list')).stdout
    expect(kept).toContain('aws_dynamodb_table.state')
    expect(kept).toContain('module.secrets.module.key.aws_kms_key.this')
    expect(kept).not.toMatch(/aws_(lambda_function|sqs_queue|iam_role|sns_topic)\b/)

    expect((await run(doctor)).lines.at(-1)).toMatchObject({
      ok: null,
      detail: expect.stringContaining('only the data'),
    })

    const again = await run(deploy)
    expect(again.lines[0]).toMatchObject({ add: deleted, destroy: 0 })

    expect((await run(destroy, { data: true })).code).toBe(0)
    const left = (await offline.run(`-chdir=${join(dir, '.streamalert/build/infra')}`, 'state', 'list')).stdout
    expect((await run(doctor)).lines.at(-1)).toEqual(before.lines.at(-1))
    expect(left.split('\n').filter((address) => address !== '' && !/(^|\.)data\./.test(address))).toEqual([])
  })
})
