import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectFolder } from '../../testing/project-folder.ts'
import { bringLock, keepLock } from './provider-lock.ts'

const lock = (version: string, hash: string) =>
  `provider "registry.terraform.io/hashicorp/aws" {\n  version     = "${version}"\n  constraints = "${version}"\n  hashes = ["${hash}"]\n}\n`

test('checksums stay with the project, hold for its next deployment, and go with the version they are of', () => {
  const dir = projectFolder({
    'infra/versions.tf': 'required_version = ">= 1.11"\nsource  = "hashicorp/aws"\nversion = "6.66.0"\n',
  })
  const infra = join(dir, 'infra')
  const [kept, used] = [join(dir, 'terraform.lock.hcl'), join(infra, '.terraform.lock.hcl')]
  bringLock(dir, infra)
  expect([existsSync(used), keepLock(dir, infra)]).toEqual([false, false])
  writeFileSync(used, lock('6.66.0', 'h1:a'))
  expect([keepLock(dir, infra), keepLock(dir, infra)]).toEqual([true, false])
  // What lies in the folder of what is built may be anything: the project's counts.
  writeFileSync(used, lock('6.66.0', 'h1:forged'))
  bringLock(dir, infra)
  expect(readFileSync(used, 'utf8')).toBe(lock('6.66.0', 'h1:a'))
  writeFileSync(kept, lock('6.50.0', 'h1:old'))
  bringLock(dir, infra)
  expect(existsSync(used)).toBe(false)
})
