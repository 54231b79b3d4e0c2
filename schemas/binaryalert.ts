import { list, map, maybe } from '../src/core/fields/spec.ts'
import { defineSchema } from '../src/core/schema.ts'
import { json } from '../src/parsers/index.ts'

export const binaryalert = defineSchema({
  name: 'binaryalert',
  description: 'BinaryAlert: files in S3 that match YARA rules.',
  parse: json(),
  fields: {
    FileInfo: {
      MD5: 'string?',
      SHA256: 'string?',
      S3Location: 'string?',
      S3LastModified: 'string?',
      S3Metadata: maybe(map('json')),
    },
    MatchedRules: map({
      RuleName: 'string?',
      RuleFile: 'string?',
      RuleTags: maybe(list('string')),
      MatchedStrings: maybe(list('json')),
      MatchedData: maybe(list('json')),
      Meta: maybe(map('json')),
    }),
    NumMatchedRules: 'integer',
  },
  time: 'FileInfo.S3LastModified',
  normalise: {
    file_hash: ['FileInfo.MD5', 'FileInfo.SHA256'],
    file_path: 'FileInfo.S3Location',
    threat: 'MatchedRules.*.RuleName',
  },
})
