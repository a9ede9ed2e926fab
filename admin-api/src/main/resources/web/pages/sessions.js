import { el, useState } from '../parts/h.js'
import { post, remove } from '../api.js'
import { useList } from '../parts/list.js'
import { Ago, Badge, Card, Failure, Page, Time } from '../parts/bits.js'
import { Buttons, Dialog } from '../parts/dialog.js'
import { Choice, Field, Search, useFilters } from '../parts/form.js'
import { Table } from '../parts/table.js'
import { bytes, number, shortId } from '../parts/format.js'

const STATES = [['', 'Any'], ['active', 'Active'], ['ended', 'Ended']]

function columns(mayWrite, onCut) {
  return [
    { name: 'User', cell: session => el('b', null, session.user) },
    { name: 'Resource', cell: session => session.resource },
    { name: 'State', cell: session => el('span', { title: session.endReason || '' }, el(Badge, { state: session.state === 'active' ? 'online' : 'offline' }, session.state)) },
    { name: 'Tunnels', number: true, cell: session => number(session.tunnels) },
    { name: 'Up', number: true, cell: session => bytes(session.bytesUp) },
    { name: 'Down', number: true, cell: session => bytes(session.bytesDown) },
    { name: 'Started', cell: session => el(Time, { at: session.startedAt }) },
    { name: 'Ended', cell: session => (session.endedAt ? el(Ago, { at: session.endedAt }) : '–') },
    { name: 'Why', class: 'wide quiet', cell: session => session.endReason || '' },
    { name: 'Id', class: 'mono quiet', cell: session => el('span', { title: session.id }, shortId(session.id)) },
    ...(mayWrite ? [{ name: '', cell: session => (session.state === 'active'
      ? el('button.small', { type: 'button', onClick: () => onCut(session), 'aria-label': `Cut ${shortId(session.id)}` }, 'Cut')
      : null) }] : []),
  ]
}

const lockColumns = (mayWrite, onRemove) => [
  { name: 'Who', cell: lock => (lock.user ? el('b', null, lock.user) : el('span.mono', { title: lock.session }, `session ${shortId(lock.session)}`)) },
  { name: 'Reason', class: 'wide', cell: lock => lock.reason },
  { name: 'By', cell: lock => lock.createdBy },
  { name: 'Since', cell: lock => el(Time, { at: lock.createdAt }) },
  { name: 'Until', cell: lock => (lock.expiresAt ? el(Time, { at: lock.expiresAt }) : 'it is removed') },
  ...(mayWrite ? [{ name: '', cell: lock => el('button.small', { type: 'button', onClick: () => onRemove(lock), 'aria-label': `Remove the lock of ${lock.user || lock.session}` }, 'Remove') }] : []),
]

export function Sessions({ route, me }) {
  const [filters, setFilter] = useFilters(route)
  const list = useList('sessions', { limit: 100, user: filters.user, resource: filters.resource, state: filters.state }, 2)
  const [cutting, setCutting] = useState(null)
  const mayWrite = me.roles.includes('administrator')
  return el(Page, { title: 'Sessions', note: 'Who uses which resource, newest first. What is active is told by the gateways each second.' },
    el('div.filters', { role: 'search' },
      el(Search, { label: 'User', value: filters.user, onChange: value => setFilter('user', value), placeholder: 'name' }),
      el(Search, { label: 'Resource', value: filters.resource, onChange: value => setFilter('resource', value), placeholder: 'name' }),
      el(Choice, { label: 'State', value: filters.state || '', onChange: value => setFilter('state', value), options: STATES })),
    el('div.card.flush', null,
      el(Table, { label: 'Sessions', columns: columns(mayWrite, setCutting), list, empty: { title: 'No sessions', hint: 'gatehouse connect NAME makes one.' } })),
    cutting ? el(Cut, { session: cutting, onClose: () => setCutting(null), onDone: () => { setCutting(null); list.reload() } }) : null)
}

function Cut({ session, onClose, onDone }) {
  const [problem, setProblem] = useState(null)
  const [busy, setBusy] = useState(false)
  const submit = event => {
    event.preventDefault()
    setBusy(true)
    remove(`sessions/${session.id}`).then(onDone).catch(cause => { setProblem(cause); setBusy(false) })
  }
  return el(Dialog, { title: `Cut ${session.user}’s session with ${session.resource}?`, onClose },
    el('form', { onSubmit: submit },
      el('p', null, 'Its connections end within a second, and it opens no more. The user may begin another one: lock the user to prevent that.'),
      problem ? el(Failure, { problem }) : null,
      el(Buttons, { onCancel: onClose, confirm: 'Cut', busy, danger: true })))
}

export function Locks({ me }) {
  const list = useList('locks', { limit: 200 }, 5)
  const [problem, setProblem] = useState(null)
  const mayWrite = me.roles.includes('administrator')
  const lift = lock => remove(`locks/${lock.id}`).then(list.reload).catch(setProblem)
  return el(Page, { title: 'Locks', note: 'Users and sessions that may reach nothing for now, whatever their roles say.' },
    problem ? el(Failure, { problem }) : null,
    mayWrite ? el(Lock, { onDone: list.reload }) : null,
    el('div.card.flush', null,
      el(Table, { label: 'Locks', columns: lockColumns(mayWrite, lift), list, empty: { title: 'Nobody is locked', hint: '' } })))
}

function Lock({ onDone }) {
  const [problem, setProblem] = useState(null)
  const [busy, setBusy] = useState(false)
  const submit = event => {
    event.preventDefault()
    const form = event.target
    const data = new FormData(form)
    setBusy(true)
    post('locks', { user: data.get('user'), reason: data.get('reason'), ...(data.get('hours') ? { ttlSeconds: Number(data.get('hours')) * 3600 } : {}) })
      .then(() => { form.reset(); setProblem(null); onDone() })
      .catch(setProblem)
      .finally(() => setBusy(false))
  }
  return el(Card, { title: 'Lock a user' },
    el('form', { onSubmit: submit },
      problem ? el(Failure, { problem }) : null,
      el('div.filters', null,
        el(Field, { label: 'User' }, el('input', { name: 'user', required: true, maxLength: 63, autocomplete: 'off' })),
        el(Field, { label: 'Reason, which the user is told' }, el('input', { name: 'reason', required: true, maxLength: 500 })),
        el(Field, { label: 'Hours; empty: until removed' }, el('input', { name: 'hours', type: 'number', min: 1, max: 8784 })),
        el('button.danger', { type: 'submit', disabled: busy }, busy ? 'Locking…' : 'Lock'))))
}
