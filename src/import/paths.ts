/** Steps that lead into the envelope, as the predecessor wrote them. */
export const envelopeKey = 'streamalert:envelope_keys'

/** A path as schemas write it, from its steps: `['a', 'x.y']` → `a['x.y']`; into the envelope: `envelope.a`. */
export function pathOf(steps: readonly string[]): string {
  const [first, ...rest] = steps
  if (first === envelopeKey) return `envelope${rest.map(inner).join('')}`
  // A field of the record that is itself called envelope must not be taken for the envelope.
  return [first === 'envelope' ? "['envelope']" : inner(first ?? '').replace(/^\./, ''), ...rest.map(inner)].join('')
}

const inner = (step: string): string =>
  /^[^.[\]*'"]+$/.test(step) ? `.${step}` : step.includes("'") ? `["${step}"]` : `['${step}']`
