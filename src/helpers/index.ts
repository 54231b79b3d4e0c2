/**
 * What detections often need, as small pure functions: `streamalert/helpers`. None throws on data, whatever it holds;
 * those that take a pattern, a network or a zone throw at once when that is wrong, so make them outside `match`.
 */
export { type ArnParts, arnParts } from './arn.ts'
export { decodeBase64, decodeUrl } from './decode.ts'
export { type DomainParts, domainParts, hostOf } from './domain.ts'
export { entropy } from './entropy.ts'
export { glob } from './glob.ts'
export { cidr, isPrivateAddress } from './network.ts'
export { type LocalTime, localTime, type OfficeHours, officeHours, type Weekday } from './time.ts'
export { type Product, type UserAgentParts, userAgentParts } from './user-agent.ts'
export { anyValue, get, getAll, valuesOfKey } from './values.ts'
