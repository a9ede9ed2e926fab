import { el, useState } from '../parts/h.js'
import { patch, post, remove } from '../api.js'
import { useList } from '../parts/list.js'
import { Badge, Card, Failure, Page, Time } from '../parts/bits.js'
import { Buttons, Dialog } from '../parts/dialog.js'
import { Choice, Field, Search, useFilters } from '../parts/form.js'
import { Table } from '../parts/table.js'

const STATES = [['', 'Any'], ['active', 'Active'], ['disabled', 'Disabled']]
const at = user => `users/${encodeURIComponent(user.name)}`

/** `a, b` as a list. */
const names = text => text.split(',').map(each => each.trim()).filter(Boolean)

function columns(mayWrite, onAsk) {
  return [
    { name: 'User', cell: user => el('b', null, user.name) },
    { name: 'State', cell: user => el(Badge, { state: user.state === 'active' ? 'online' : 'revoked' }, user.state) },
    { name: 'Roles', cell: user => (user.roles.length ? user.roles.map(role => el('span.tag', { key: role }, role)) : el('span.quiet', null, 'none')) },
    { name: 'Source', class: 'quiet', cell: user => user.source },
    { name: 'Made', cell: user => el(Time, { at: user.createdAt }) },
    ...(mayWrite ? [{ name: '', cell: user => el('span.actions', null,
      ask('Roles', user, onAsk, Roles), ask('Password', user, onAsk, Password),
      ask(user.state === 'active' ? 'Disable' : 'Enable', user, onAsk, user.state === 'active' ? Disable : Enable),
      ask('Remove', user, onAsk, Remove)) }] : []),
  ]
}

const ask = (text, user, onAsk, dialog) =>
  el('button.small', { type: 'button', onClick: () => onAsk({ user, dialog }), 'aria-label': `${text}: ${user.name}` }, text)

export function Users({ route, me }) {
  const [filters, setFilter] = useFilters(route)
  const list = useList('users', { limit: 200, name: filters.name, state: filters.state, role: filters.role }, 10)
  const [asking, setAsking] = useState(null)
  const mayWrite = me.roles.includes('administrator')
  const done = () => { setAsking(null); list.reload() }
  return el(Page, { title: 'Users', note: 'Who may sign in. What they reach is said by their roles.' },
    mayWrite ? el(Create, { onCreated: list.reload }) : null,
    el('div.filters', { role: 'search' },
      el(Search, { label: 'Name', value: filters.name, onChange: value => setFilter('name', value), placeholder: 'part of the name' }),
      el(Search, { label: 'Role', value: filters.role, onChange: value => setFilter('role', value), placeholder: 'its name' }),
      el(Choice, { label: 'State', value: filters.state || '', onChange: value => setFilter('state', value), options: STATES })),
    el('div.card.flush', null,
      el(Table, { label: 'Users', columns: columns(mayWrite, setAsking), list, empty: { title: 'No user fits', hint: '' } })),
    asking ? el(asking.dialog, { user: asking.user, onClose: () => setAsking(null), onDone: done }) : null)
}

function Create({ onCreated }) {
  const [problem, setProblem] = useState(null)
  const [busy, setBusy] = useState(false)
  const submit = event => {
    event.preventDefault()
    const form = event.target
    const data = new FormData(form)
    setBusy(true)
    post('users', { name: data.get('name'), password: data.get('password'), roles: names(data.get('roles')) })
      .then(() => { form.reset(); setProblem(null); onCreated() })
      .catch(setProblem)
      .finally(() => setBusy(false))
  }
  return el(Card, { title: 'New user' },
    el('form', { onSubmit: submit },
      problem ? el(Failure, { problem }) : null,
      el('div.filters', null,
        el(Field, { label: 'Name' }, el('input', { name: 'name', required: true, maxLength: 63, autocomplete: 'off' })),
        el(Field, { label: 'Password' }, el('input', { name: 'password', type: 'password', required: true, minLength: 8, maxLength: 1024, autocomplete: 'new-password' })),
        el(Field, { label: 'Roles' }, el('input', { name: 'roles', placeholder: 'auditor, dba', autocomplete: 'off' })),
        el('button.primary', { type: 'submit', disabled: busy }, busy ? 'Creating…' : 'Create'))))
}

/** One question, one request. */
function Ask({ title, text, confirm, danger, send, children, onClose, onDone }) {
  const [problem, setProblem] = useState(null)
  const [busy, setBusy] = useState(false)
  const submit = event => {
    event.preventDefault()
    setBusy(true)
    send(new FormData(event.target)).then(onDone).catch(cause => { setProblem(cause); setBusy(false) })
  }
  return el(Dialog, { title, onClose },
    el('form', { onSubmit: submit },
      el('p', null, text),
      problem ? el(Failure, { problem }) : null,
      children,
      el(Buttons, { onCancel: onClose, confirm, busy, danger })))
}

const Roles = ({ user, ...rest }) =>
  el(Ask, { ...rest, title: `Roles of ${user.name}`, confirm: 'Set', text: 'They hold within a second, also for tunnels that are open.',
    send: form => patch(at(user), { roles: names(form.get('roles')) }) },
  el(Field, { label: 'Roles' }, el('input', { name: 'roles', defaultValue: user.roles.join(', '), autofocus: true, autocomplete: 'off' })))

const Password = ({ user, ...rest }) =>
  el(Ask, { ...rest, title: `Password of ${user.name}`, confirm: 'Set', text: 'All sign-ins of the user end.',
    send: form => post(`${at(user)}/password`, { password: form.get('password') }) },
  el(Field, { label: 'New password' }, el('input', { name: 'password', type: 'password', required: true, minLength: 8, maxLength: 1024, autofocus: true, autocomplete: 'new-password' })))

const Disable = ({ user, ...rest }) =>
  el(Ask, { ...rest, title: `Disable ${user.name}?`, confirm: 'Disable', danger: true, text: 'The user is signed out everywhere, and open tunnels end.',
    send: () => patch(at(user), { state: 'disabled' }) })

const Enable = ({ user, ...rest }) =>
  el(Ask, { ...rest, title: `Enable ${user.name}?`, confirm: 'Enable', text: 'The user may sign in again.', send: () => patch(at(user), { state: 'active' }) })

const Remove = ({ user, ...rest }) =>
  el(Ask, { ...rest, title: `Remove ${user.name}?`, confirm: 'Remove', danger: true, text: 'The user is signed out everywhere. Audit and sessions keep the name.',
    send: () => remove(at(user)) })
