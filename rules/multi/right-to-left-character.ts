import { defineRule } from '../../src/index.ts'

/** Where text that somebody may have chosen stands for what runs. */
const types = ['command', 'process_path', 'parent_process_path', 'file_path'] as const

/** Turns the direction of writing: `photo_gpj.exe` shows as `photo_exe.jpg`. */
const rightToLeftOverride = '\u202e'

export default defineRule({
  name: 'right-to-left-character',
  description:
    'A command or path holds the character that turns the direction of writing, which hides how a name really ends.',
  severity: 'high',
  types,
  match: (_, { values }) => types.some((type) => values(type).some((text) => text.includes(rightToLeftOverride))),
  title: (_, { values, schema }) =>
    `A name that is written backwards${values('host')[0] === undefined ? '' : ` on ${values('host')[0]}`} (${schema})`,
  context: (_, { values }) => ({
    // Shown as what it is: the character would turn the alert, too.
    texts: types.flatMap((type) => values(type)).map((text) => text.replaceAll(rightToLeftOverride, '[U+202E]')),
    users: values('user'),
  }),
  tags: ['community', 'hosts'],
  attack: ['T1036.002'],
  references: ['https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing'],
  runbook:
    '1. Find the file, and do not open it. 2. See who wrote it there and who ran it. 3. Isolate hosts where it ran, and search others for the same hash.',
  falsePositives: ['File names in Hebrew or Arabic that hold the character by mistake.'],
})
