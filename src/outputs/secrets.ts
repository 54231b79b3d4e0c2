export { secretReference as secretName, secretsOf, type Secrets } from '../core/secrets.ts'
