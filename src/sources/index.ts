import type { SourceKind } from '../core/component.ts'
import type { KindIndex } from '../core/kinds.ts'

/** Every kind of source that comes with StreamAlert. */
export const sources: KindIndex<SourceKind> = {
  'aws-kinesis': async () => (await import('./aws-kinesis/index.ts')).awsKinesis,
  'aws-s3': async () => (await import('./aws-s3/index.ts')).awsS3,
  'aws-sqs': async () => (await import('./aws-sqs.ts')).awsSqs,
  file: async () => (await import('./file.ts')).file,
  http: async () => (await import('./http/index.ts')).http,
  kafka: async () => (await import('./kafka/index.ts')).kafka,
  nats: async () => (await import('./nats/index.ts')).nats,
  relp: async () => (await import('./relp/index.ts')).relp,
  stdin: async () => (await import('./stdin/index.ts')).stdin,
  syslog: async () => (await import('./syslog/index.ts')).syslog,
}
