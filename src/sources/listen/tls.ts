import { readFile, stat } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { createSecureContext, type SecureContextOptions } from 'node:tls'
import { z } from 'zod'
import type { SourceHost } from '../../core/component.ts'
import { CodedError, messageOf } from '../../core/errors.ts'
import { secretReference } from '../../core/secrets.ts'

/** The option `tls` of sources that listen. */
export const tlsOption = z.strictObject({
  cert: z.string().min(1).meta({ description: 'File with the certificate and those between it and its root, PEM.' }),
  key: z.string().min(1).meta({ description: 'File with the private key, PEM, or `secret:NAME`.', secret: true }),
  clientCa: z.string().min(1).optional().meta({
    description: 'File with certificates, PEM. Clients must then show one that these vouch for.',
  }),
})

export type TlsFiles = z.output<typeof tlsOption>

/** Certificates are looked at so often: one that was renewed is taken without a restart. Milliseconds. */
const certificateMs = 60_000

const pathOf = (host: SourceHost, path: string) => (isAbsolute(path) ? path : join(host.projectDir, path))

/** What a TLS server needs. Throws SOURCE_MISCONFIGURED when a file cannot be read or used, SECRET_MISSING. */
export async function certificates(tls: TlsFiles, host: SourceHost) {
  const read = async (path: string) => {
    try {
      return await readFile(pathOf(host, path))
    } catch (error) {
      const message = `${host.name}: a certificate cannot be read: ${messageOf(error)}`
      throw new CodedError('SOURCE_MISCONFIGURED', message, { place: { name: host.name }, cause: error })
    }
  }
  const key = secretReference.test(tls.key) ? await host.secret(tls.key.slice('secret:'.length)) : await read(tls.key)
  const cert = await read(tls.cert)
  const own = { cert, key, ...(tls.clientCa !== undefined && { ca: await read(tls.clientCa) }) }
  try {
    createSecureContext(own)
  } catch (error) {
    throw new CodedError('SOURCE_MISCONFIGURED', `${host.name}: the certificates cannot be used: ${messageOf(error)}`, {
      place: { name: host.name },
      hint: 'tls.cert and tls.key must be PEM, and belong to each other; tls.clientCa must be PEM.',
      cause: error,
    })
  }
  return tls.clientCa === undefined ? own : { ...own, requestCert: true, rejectUnauthorized: true }
}

/** A TLS server that can be given other certificates. */
interface Renewable {
  setSecureContext(options: SecureContextOptions): void
}

/** Takes certificates that change while the server is at work. One that is broken leaves the former there. Answers how to end. */
export function renewCertificates(server: Renewable, tls: TlsFiles, host: SourceHost): () => void {
  let seen: number | undefined
  const look = async () => {
    const { mtimeMs } = await stat(pathOf(host, tls.cert))
    if (seen !== undefined && mtimeMs !== seen) server.setSecureContext(await certificates(tls, host))
    seen = mtimeMs
  }
  const timer = setInterval(() => {
    look().catch((error: unknown) => {
      const message = `${host.name}: the changed certificate is not taken: ${messageOf(error)}`
      host.log({ level: 'error', code: 'SOURCE_MISCONFIGURED', message })
    })
  }, certificateMs)
  timer.unref()
  return () => clearInterval(timer)
}
