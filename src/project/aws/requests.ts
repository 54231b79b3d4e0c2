import { CodedError } from '../../core/errors.ts'
import type { ConfiguredSource } from '../components.ts'
import type { PlacedSecret } from '../secrets.ts'
import type { AwsCluster } from './config.ts'

/** The source by whose tokens and signatures a cluster lets in who cannot sign with IAM; undefined where IAM does. */
export const requestSource = ({ http }: Pick<AwsCluster, 'http'>): string | undefined =>
  typeof http === 'object' ? http.source : undefined

/**
 * Names of the secrets that the reading function of a cluster may read: those of that source. Undefined where callers sign with IAM. A source
 * that is not there, or lets everybody in, goes to `problems`: an address of a function can be reached from everywhere.
 */
export function requestSecrets(
  cluster: { readonly name: string; readonly settings: AwsCluster },
  {
    sources,
    secretUses,
  }: { readonly sources: readonly ConfiguredSource[]; readonly secretUses: readonly PlacedSecret[] },
  problems: CodedError[],
): readonly string[] | undefined {
  const wanted = requestSource(cluster.settings)
  if (wanted === undefined) return undefined
  const source = sources.find(({ name }) => name === wanted)
  const fault = (message: string, hint: string) =>
    problems.push(
      new CodedError('CONFIG_INVALID', `aws.clusters.${cluster.name}.http: ${message}.`, {
        place: source?.place ?? { file: 'streamalert.yaml' },
        hint,
      }),
    )
  if (!source || source.cluster !== cluster.name) {
    fault(`there is no source "${wanted}" of this cluster`, 'Name one under "sources", with this cluster.')
    return []
  }
  const { tokens, signatures, sns } = source.options as {
    readonly tokens: readonly string[]
    readonly signatures: readonly unknown[]
    readonly sns?: unknown
  }
  if (tokens.length + signatures.length === 0 && sns === undefined)
    fault(`${wanted} says of nobody that he may send`, 'Give it "tokens" or "signatures".')
  const prefix = `sources.${wanted.replace(':', '.')}.`
  return unique(secretUses.filter(({ option }) => option.startsWith(prefix)).map(({ name }) => name.split('#', 1)[0]!))
}

/** Names of all secrets that reading functions may read. */
export const ingestSecrets = (
  project: { readonly sources: readonly ConfiguredSource[]; readonly secretUses: readonly PlacedSecret[] },
  clusters: Readonly<Record<string, AwsCluster>>,
): readonly string[] =>
  unique(Object.entries(clusters).flatMap(([name, settings]) => requestSecrets({ name, settings }, project, []) ?? []))

const unique = (texts: readonly string[]) => [...new Set(texts)].toSorted()
