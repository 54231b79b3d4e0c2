import { copyFileSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** Where checksums of the provider stand: beside streamalert.yaml, to be kept with it, and where Terraform looks for them. */
const ofProject = (dir: string): string => join(dir, 'terraform.lock.hcl')
const ofTerraform = (infra: string): string => join(infra, '.terraform.lock.hcl')

const textOf = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '')

/**
 * Gives Terraform the checksums that an earlier deployment of the project found
 * (https://developer.hashicorp.com/terraform/language/files/dependency-lock): it refuses a provider that is another one now. Those of
 * another version than infra/versions.tf names are left out, for they come from an older StreamAlert.
 */
export function bringLock(dir: string, infra: string): void {
  const [, wanted] = /^\s*version\s*=\s*"([^"]+)"/m.exec(textOf(join(infra, 'versions.tf'))) ?? []
  const [, locked] = /^\s*version\s*=\s*"([^"]+)"/m.exec(textOf(ofProject(dir))) ?? []
  if (locked !== undefined && locked === wanted) copyFileSync(ofProject(dir), ofTerraform(infra))
  else rmSync(ofTerraform(infra), { force: true })
}

/** Keeps what Terraform has found with the project. True: it was not known yet. */
export function keepLock(dir: string, infra: string): boolean {
  const found = textOf(ofTerraform(infra))
  if (found === '' || found === textOf(ofProject(dir))) return false
  copyFileSync(ofTerraform(infra), ofProject(dir))
  return true
}
