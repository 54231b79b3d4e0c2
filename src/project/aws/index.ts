/** Deployment to AWS as the configuration describes it: from streamalert.yaml to the variables of infra/. */
export type { AwsConfig } from './config.ts'
export { stateBucketName } from './names.ts'
export { localOutputs, outputSecrets } from './outputs.ts'
export { ingestSecrets } from './requests.ts'
export { awsOf, type Packages, toTfvars, type Variables } from './tfvars.ts'
