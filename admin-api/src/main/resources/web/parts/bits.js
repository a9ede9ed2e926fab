// Small things that many pages show.
import { el, useEffect, useState } from './h.js'
import { ago, time } from './format.js'

/** A state in colour and in words. */
export function Badge({ state, children }) {
  return el('span.badge', { class: `is-${state}` }, el('span.dot', { 'aria-hidden': 'true' }), children || state)
}

export function Labels({ labels }) {
  const all = Object.entries(labels || {})
  if (!all.length) return el('span.quiet', null, 'none')
  return el('span.labels', null, all.map(([name, value]) => el('span.label', { key: name }, el('b', null, name), ` ${value}`)))
}

/** How long ago, kept up to date; the whole time on hover. */
export function Ago({ at }) {
  const [now, setNow] = useState(Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return el('time', { dateTime: at || '', title: at ? `${time(at)} (${at})` : '' }, ago(at, now))
}

export const Time = ({ at }) => el('time.mono', { dateTime: at || '', title: at || '' }, time(at))

export function Copy({ text, name }) {
  const [done, setDone] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setDone(true)
    setTimeout(() => setDone(false), 1500)
  }
  return el('button.small', { type: 'button', onClick: copy, 'aria-label': `Copy ${name}` }, done ? 'Copied' : 'Copy')
}

export function Failure({ problem, retry }) {
  return el('div.notice.bad', { role: 'alert' },
    el('div', null,
      el('b', null, title(problem)),
      el('div', null, problem.message)),
    retry ? el('button', { type: 'button', onClick: retry }, 'Try again') : null)
}

const TITLES = {
  unavailable: 'Not available for the moment',
  unreachable: 'No connection',
  'too-broad': 'The search takes too long',
  'too-many-requests': 'Too many requests',
  forbidden: 'Not allowed',
  'invalid-request': 'That does not work',
}
const title = problem => TITLES[problem.code] || 'Something went wrong'

export function Page({ title: heading, note, actions, children }) {
  useEffect(() => {
    document.title = `${heading} · Gatehouse`
  }, [heading])
  return el('main', { id: 'main', tabIndex: -1 },
    el('header.page', null,
      el('div', null, el('h1', null, heading), note ? el('p.quiet', null, note) : null),
      actions ? el('div.actions', null, actions) : null),
    children)
}

export const Card = ({ title: heading, aside, children, flush }) =>
  el('section.card', { class: flush ? 'flush' : '' },
    heading ? el('header', null, el('h2', null, heading), aside || null) : null,
    children)
