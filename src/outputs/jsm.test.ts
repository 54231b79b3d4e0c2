import { genieContract } from '../testing/genie-contract.ts'
import { httpOutputContract } from '../testing/output-contract.ts'
import jsm from './jsm.ts'

httpOutputContract({ kind: jsm, ...genieContract('/jsm/ops/integration/v2/alerts', 'jsm-k3y-0123456789abc') })
