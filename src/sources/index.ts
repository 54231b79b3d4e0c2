import type { SourceKind } from '../core/component.ts'
import { awsKinesis } from './aws-kinesis/index.ts'
import { awsS3 } from './aws-s3/index.ts'
import { awsSqs } from './aws-sqs.ts'
import { file } from './file.ts'
import { http } from './http/index.ts'
import { relp } from './relp/index.ts'
import { syslog } from './syslog/index.ts'

/** Every kind of source that comes with StreamAlert. */
export const sources: readonly SourceKind[] = [awsKinesis, awsS3, awsSqs, file, http, relp, syslog]
