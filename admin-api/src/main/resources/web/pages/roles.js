import { el, useState } from '../parts/h.js'
import { post, put, remove } from '../api.js'
import { useList } from '../parts/list.js'
import { Card, Failure, Page } from '../parts/bits.js'
import { Buttons, Dialog } from '../parts/dialog.js'
import { Field } from '../parts/form.js'
import { Table } from '../parts/table.js'

/** A line for each selector: `env=test, env=dev, team=web`. */
const lines = selectors => selectors.map(selector =>
  Object.entries(selector).flatMap(([label, values]) => values.map(value => `${label}=${value}`)).join(', ')).join('\n')

/** Back again; throws what is wrong with it. */
export function parse(text) {
  return text.split('\n').map(line => line.trim()).filter(Boolean).map(line => {
    const labels = {}
    for (const piece of line.split(',').map(each => each.trim())) {
      const equals = piece.indexOf('=')
      if (equals < 1) throw new Error(`‘${piece}’ is not LABEL=VALUE`)
      const label = piece.slice(0, equals).trim()
      labels[label] = [...(labels[label] || []), piece.slice(equals + 1).trim()]
    }
    return labels
  })
}

const shown = selectors => (selectors.length ? lines(selectors).split('\n').map(line => el('div.mono', { key: line }, line || 'nothing')) : el('span.quiet', null, '–'))

function columns(mayWrite, onSet, onRemove) {
  return [
    { name: 'Role', cell: role => el('span', null, el('b', null, role.name), ' ', role.builtIn ? el('span.tag', null, 'built in') : null) },
    { name: 'Allows', cell: role => shown(role.allow) },
    { name: 'Denies', cell: role => shown(role.deny) },
    ...(mayWrite ? [{ name: '', cell: role => (role.builtIn ? null : el('span.actions', null,
      el('button.small', { type: 'button', onClick: () => onSet(role), 'aria-label': `Change ${role.name}` }, 'Change'),
      el('button.small', { type: 'button', onClick: () => onRemove(role), 'aria-label': `Remove ${role.name}` }, 'Remove'))) }] : []),
  ]
}

export function Roles({ me }) {
  const list = useList('roles', { limit: 1000 }, 15)
  const [setting, setSetting] = useState(null)
  const [removing, setRemoving] = useState(null)
  const mayWrite = me.roles.includes('administrator')
  const done = () => { setSetting(null); setRemoving(null); list.reload() }
  return el(Page, { title: 'Roles', note: 'What users may reach, by the labels of resources. A line selects resources with all of its labels; *=* is everything. What any role denies is denied.' },
    mayWrite ? el(Create, { onCreated: list.reload }) : null,
    el('div.card.flush', null,
      el(Table, { label: 'Roles', columns: columns(mayWrite, setSetting, setRemoving), list, rowKey: role => role.name, empty: { title: 'No roles', hint: '' } })),
    setting ? el(Change, { role: setting, onClose: () => setSetting(null), onDone: done }) : null,
    removing ? el(Remove, { role: removing, onClose: () => setRemoving(null), onDone: done }) : null)
}

const Rules = ({ role }) => el('div.filters', null,
  el(Field, { label: 'Allows' }, el('textarea', { name: 'allow', rows: 3, defaultValue: role ? lines(role.allow) : '', placeholder: 'env=test, team=web', spellcheck: false })),
  el(Field, { label: 'Denies' }, el('textarea', { name: 'deny', rows: 3, defaultValue: role ? lines(role.deny) : '', spellcheck: false })))

function useSending(send, onDone) {
  const [problem, setProblem] = useState(null)
  const [busy, setBusy] = useState(false)
  const submit = event => {
    event.preventDefault()
    const form = event.target
    setBusy(true)
    Promise.resolve().then(() => send(new FormData(form)))
      .then(() => { form.reset(); setProblem(null); onDone() })
      .catch(setProblem)
      .finally(() => setBusy(false))
  }
  return { problem, busy, submit }
}

const rules = form => ({ allow: parse(form.get('allow')), deny: parse(form.get('deny')) })

function Create({ onCreated }) {
  const { problem, busy, submit } = useSending(form => post('roles', { name: form.get('name'), ...rules(form) }), onCreated)
  return el(Card, { title: 'New role' },
    el('form', { onSubmit: submit },
      problem ? el(Failure, { problem }) : null,
      el(Field, { label: 'Name' }, el('input', { name: 'name', required: true, maxLength: 63, autocomplete: 'off' })),
      el(Rules),
      el('button.primary', { type: 'submit', disabled: busy }, busy ? 'Creating…' : 'Create')))
}

function Change({ role, onClose, onDone }) {
  const { problem, busy, submit } = useSending(form => put(`roles/${encodeURIComponent(role.name)}`, rules(form)), onDone)
  return el(Dialog, { title: `Role ${role.name}`, onClose },
    el('form', { onSubmit: submit },
      el('p', null, 'It holds within a second, also for tunnels that are open.'),
      problem ? el(Failure, { problem }) : null,
      el(Rules, { role }),
      el(Buttons, { onCancel: onClose, confirm: 'Set', busy })))
}

function Remove({ role, onClose, onDone }) {
  const { problem, busy, submit } = useSending(() => remove(`roles/${encodeURIComponent(role.name)}`), onDone)
  return el(Dialog, { title: `Remove role ${role.name}?`, onClose },
    el('form', { onSubmit: submit },
      problem ? el(Failure, { problem }) : el('p', null, 'Nobody may have it any more.'),
      el(Buttons, { onCancel: onClose, confirm: 'Remove', busy, danger: true })))
}
