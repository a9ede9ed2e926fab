// Requests to the REST API. The sign-in is a cookie that scripts cannot read; writes carry the header that says they are ours.
const ROOT = '/api/v1/'
let signedOut = () => {}

export class Problem extends Error {
  constructor(status, body) {
    super(body.detail || body.title || `HTTP ${status}`)
    this.status = status
    this.code = body.code
    this.errors = body.errors || []
    this.retryAfter = body.retryAfter
  }
}

/** Called when the sign-in has ended. */
export function onSignedOut(listener) {
  signedOut = listener
}

export function url(path, parameters = {}) {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== null && value !== '') query.set(name, value)
  }
  const text = query.toString()
  return ROOT + path + (text ? `?${text}` : '')
}

async function send(method, path, { parameters, body, signal } = {}) {
  let response
  try {
    response = await fetch(url(path, parameters), {
      method,
      signal,
      headers: {
        'X-Gatehouse': '1',
        ...(body ? { 'Content-Type': 'application/json' } : {}),
        ...(method === 'POST' && path !== 'login' && path !== 'logout' ? { 'Idempotency-Key': randomKey() } : {}),
      },
      body: body ? JSON.stringify(body) : undefined,
    })
  } catch (cause) {
    if (cause.name === 'AbortError') throw cause
    throw new Problem(0, { detail: 'Gatehouse cannot be reached from here.', code: 'unreachable' })
  }
  if (response.ok) return response.status === 204 ? null : response.json()
  const problem = await response.json().catch(() => ({}))
  problem.retryAfter = Number(response.headers.get('Retry-After')) || undefined
  if (response.status === 401 && path !== 'login') signedOut()
  throw new Problem(response.status, problem)
}

const randomKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), b => b.toString(16).padStart(2, '0')).join('')

export const get = (path, parameters, signal) => send('GET', path, { parameters, signal })
export const post = (path, body = {}) => send('POST', path, { body })
export const put = (path, body) => send('PUT', path, { body })
export const patch = (path, body) => send('PATCH', path, { body })
export const remove = path => send('DELETE', path)
