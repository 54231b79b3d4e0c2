import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadProject } from '../../project/index.ts'
import { projectFolder } from '../../testing/project-folder.ts'
import { openStore } from './open-store.ts'

test('what stands in the way of the state folder is told as such', async () => {
  const dir = projectFolder({ 'streamalert.yaml': '' })
  writeFileSync(join(dir, '.streamalert'), '')
  const project = await loadProject(dir)
  expect(() => openStore(project, { now: () => 0 })).toThrow(
    expect.objectContaining({ code: 'STORE_FAILED', place: { file: join(dir, '.streamalert') } }) as Error,
  )
})
