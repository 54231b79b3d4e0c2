import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { schemas } from '../schemas/index.ts'
import { awsConfig } from '../src/project/aws/config.ts'
import { toTfvars } from '../src/project/aws/index.ts'
import { loadProject } from '../src/project/index.ts'
import { parse } from 'yaml'
import { violations } from './checks/invariants.ts'
import { unheard } from './checks/metrics.ts'
import { namesIn, wrongNames } from './checks/names.ts'
import { declaredIn, leftOut, namesIn as variablesIn } from './checks/variables.ts'
import { type Planned, type Tested, testAll } from './offline/plans.ts'
import { hasTerraform, type OfflineTerraform, startOffline } from './offline/terraform.ts'

const configurations = ['smallest', 'clusters', 'everything', 'existing'] as const
const folder = (name: string) => join(import.meta.dirname, 'tests', name)
const textOf = (name: string, file: string) => readFileSync(join(folder(name), file), 'utf8')
const zip = 'tests/function.txt'
const kept = schemas.filter(({ name }) => ['cloudwatch:events', 'osquery:differential'].includes(name))

describe('variables', () => {
  test.each(configurations)('%s: they are what build writes', async (name) => {
    const packages = { ingest: zip, dispatch: zip, ...(name !== 'smallest' && { compact: zip, api: zip }) }
    const { variables, problems } = toTfvars(await loadProject(folder(name)), kept, packages)
    expect(problems).toEqual([])
    // `npx vitest run infra -u` writes them.
    await expect(`${JSON.stringify(variables, undefined, 2)}\n`).toMatchFileSnapshot(
      join(folder(name), 'variables.json'),
    )
  })

  test('everything leaves no option of the section aws out, and no variable of Terraform', () => {
    const { aws } = parse(textOf('everything', 'streamalert.yaml')) as { aws: unknown }
    expect(leftOut(z.toJSONSchema(awsConfig, { io: 'input', unrepresentable: 'any' }) as object, [aws])).toEqual([])
    const { names, maps } = declaredIn(readFileSync(join(import.meta.dirname, 'variables.tf'), 'utf8'))
    const given = new Set(variablesIn(JSON.parse(textOf('everything', 'variables.json')), maps))
    expect([...given].toSorted()).toEqual([...names].toSorted())
  })
})

const present = hasTerraform()
if (!present) process.stderr.write('terraform is not installed: infra/ is not checked.\n')

describe.runIf(present)('infrastructure', { timeout: 120_000 }, () => {
  let terraform: OfflineTerraform
  let tested: Tested
  beforeAll(async () => {
    terraform = await startOffline()
    tested = await testAll(terraform)
  }, 120_000)
  afterAll(() => terraform[Symbol.asyncDispose]())
  const plan = (name: string): readonly Planned[] => tested.plans.get(name) ?? []

  test('terraform test: all configurations are planned, and what is said of each holds', () => {
    expect(tested.failures).toEqual([])
    for (const name of configurations) expect(plan(name).length).toBeGreaterThan(40)
  })

  test.each(configurations)('%s: what must hold for every resource holds', (name) => {
    const { deletion_protection: keeps } = JSON.parse(textOf(name, 'variables.json')) as {
      deletion_protection: boolean
    }
    expect(violations({ all: plan(name), keeps })).toEqual([])
  })

  test.each(configurations)('%s: names are bounded and begin with the prefix', (name) => {
    expect(wrongNames(plan(name), name === 'everything' ? 'second' : 'acme')).toEqual([])
  })

  test('two deployments in one account share no name', () => {
    const first = new Set(namesIn(plan('clusters')))
    expect(first.size).toBeGreaterThan(40)
    expect(namesIn(plan('everything')).filter((name) => first.has(name))).toEqual([])
  })

  test.each(configurations)('%s: alarms and dashboard look at what somebody counts', (name) => {
    expect(unheard(plan(name))).toEqual([])
  })

  test('nothing hangs on what AWS decides: it can be planned where no ARN is known', async () => {
    const { stderr } = await terraform.runUnforeseen('plan', '-var-file=tests/everything/variables.json')
    expect(stderr).toBe('')
  })

  test('arguments that are misspelt, missing, of a wrong type or for AWS to give, and unknown blocks are found', async () => {
    for (const [file, before, after] of mistakes) {
      const path = join(terraform.dir, file)
      const right = readFileSync(path, 'utf8')
      expect(right).toContain(before)
      writeFileSync(path, right.replace(before, after))
    }
    const { stdout } = await terraform.run('validate', '-json')
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { summary: string; range: { filename: string } }[] }
    const found = diagnostics.map(({ summary, range }) => `${range.filename}: ${summary}`)
    expect([...new Set(found)].toSorted()).toEqual(mistakes.map(([file, , , says]) => `${file}: ${says}`).toSorted())
  })
})

/** None in what others hang on: Terraform tells of all at once. */
const mistakes = [
  ['modules/bucket/main.tf', 'block_public_acls ', 'block_public_acl ', 'Unsupported argument'],
  ['modules/bucket/main.tf', 'object_ownership = "BucketOwnerEnforced"', '', 'Missing required argument'],
  ['modules/bucket/main.tf', 'noncurrent_days = 30', 'noncurrent_days = "thirty"', 'Incorrect attribute value type'],
  ['modules/bucket/main.tf', 'abort_incomplete_multipart_upload {', 'abort_upload {', 'Unsupported block type'],
  [
    'modules/lake/main.tf',
    'name = local.database\n',
    'name = local.database\n  arn = "mine"\n',
    'Value for unconfigurable attribute',
  ],
] as const
