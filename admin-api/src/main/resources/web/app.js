// The dashboard: who is signed in, where one is, and the frame around the pages.
import { el, render, useEffect, useState } from './parts/h.js'
import { get, onSignedOut, post } from './api.js'
import { connect, disconnect, useLive } from './live.js'
import { SignIn } from './pages/signin.js'
import { Overview } from './pages/overview.js'
import { Agents } from './pages/agents.js'
import { Agent } from './pages/agent.js'
import { Streams } from './pages/streams.js'
import { Resources } from './pages/resources.js'
import { Events } from './pages/events.js'
import { Tokens } from './pages/tokens.js'
import { Users } from './pages/users.js'
import { Roles } from './pages/roles.js'
import { Locks, Sessions } from './pages/sessions.js'
import { Nodes } from './pages/nodes.js'
import { AuditLog } from './pages/audit.js'
import { Settings } from './pages/settings.js'

const PAGES = [
  { path: '/', name: 'Overview', page: Overview },
  { path: '/agents', name: 'Agents', page: Agents },
  { path: '/resources', name: 'Resources', page: Resources },
  { path: '/events', name: 'Events', page: Events },
  { path: '/streams', name: 'Streams', page: Streams },
  { path: '/tokens', name: 'Join tokens', page: Tokens },
  { path: '/sessions', name: 'Sessions', page: Sessions },
  { path: '/users', name: 'Users', page: Users },
  { path: '/roles', name: 'Roles', page: Roles },
  { path: '/locks', name: 'Locks', page: Locks },
  { path: '/nodes', name: 'Nodes', page: Nodes },
  { path: '/audit', name: 'Audit', page: AuditLog },
  { path: '/settings', name: 'Settings', page: Settings },
]

function readRoute() {
  const [path, query] = (location.hash.slice(1) || '/').split('?')
  return { path, query: new URLSearchParams(query || '') }
}

function useRoute() {
  const [route, setRoute] = useState(readRoute())
  useEffect(() => {
    const changed = () => setRoute(readRoute())
    addEventListener('hashchange', changed)
    return () => removeEventListener('hashchange', changed)
  }, [])
  return route
}

function App() {
  const [me, setMe] = useState(undefined) // undefined: not asked yet; null: nobody
  const [problem, setProblem] = useState(null)
  const ask = () => {
    setProblem(null)
    get('me').then(setMe).catch(cause => (cause.status === 401 ? setMe(null) : setProblem(cause)))
  }
  useEffect(() => {
    onSignedOut(() => setMe(null))
    ask()
  }, [])
  useEffect(() => (me ? connect() : disconnect()), [me])
  if (me === null) return el(SignIn, { onSignedIn: ask, problem })
  if (me === undefined) {
    return el('div.center', null, problem
      ? el('div.notice.bad', { role: 'alert' }, el('span', null, problem.message), el('button', { onClick: ask }, 'Try again'))
      : el('span.quiet', { role: 'status' }, 'Loading…'))
  }
  return el(Frame, { me, onSignOut: () => post('logout').catch(() => {}).then(() => setMe(null)) })
}

function Frame({ me, onSignOut }) {
  const route = useRoute()
  const first = `/${route.path.split('/')[1] || ''}`
  const known = PAGES.find(page => page.path === first)
  const agentId = route.path.match(/^\/agents\/([0-9a-f-]{36})$/)
  useEffect(() => window.scrollTo(0, 0), [route.path])
  const page = agentId
    ? el(Agent, { key: agentId[1], id: agentId[1], me })
    : known && route.path === known.path
      ? el(known.page, { key: known.path, route, me })
      : el('main', { id: 'main' }, el('div.empty', null, el('b', null, 'There is no such page'), el('a', { href: '#/' }, 'Go to the overview')))
  return el('div.frame', null,
    el('a.skip', { href: '#main', onClick: skip }, 'Skip to the content'),
    el('nav', { 'aria-label': 'Pages' },
      el('a.brand', { href: '#/' }, el('img', { src: '/icon.svg', alt: '', width: 22, height: 22 }), 'Gatehouse'),
      el('ul', null, PAGES.map(each =>
        el('li', { key: each.path }, el('a', { href: `#${each.path}`, 'aria-current': each.path === first ? 'page' : undefined }, each.name)))),
      el('div.who', null,
        el(Feed),
        el('a', { href: '/api/docs' }, 'API'),
        el('span', { title: me.roles.join(', ') }, me.user),
        el('button.small', { type: 'button', onClick: onSignOut }, 'Sign out'))),
    page)
}

function skip(event) {
  event.preventDefault()
  document.getElementById('main').focus()
}

function Feed() {
  const live = useLive()
  const [state, text] = live.away
    ? ['bad', 'Database away']
    : live.connected ? ['online', 'Live'] : ['offline', 'Reconnecting…']
  return el('span.badge', { class: `is-${state}`, role: 'status' }, el('span.dot', { 'aria-hidden': 'true' }), text)
}

render(el(App), document.body)
