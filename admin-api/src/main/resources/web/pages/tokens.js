import { el, useState } from '../parts/h.js'
import { post, remove } from '../api.js'
import { useList } from '../parts/list.js'
import { Ago, Badge, Card, Copy, Failure, Labels, Page, Time } from '../parts/bits.js'
import { Buttons, Dialog } from '../parts/dialog.js'
import { Field } from '../parts/form.js'
import { Table } from '../parts/table.js'
import { number, shortId } from '../parts/format.js'

const TIMES = [[3600, '1 hour'], [86400, '1 day'], [7 * 86400, '7 days'], [30 * 86400, '30 days']]

const stateOf = token =>
  new Date(token.expiresAt) < new Date() ? ['revoked', 'expired'] : token.usesLeft ? ['online', 'usable'] : ['offline', 'used up']

function columns(mayWrite, onRemove) {
  return [
    { name: 'Id', class: 'mono', cell: token => el('span', { title: token.id }, shortId(token.id)) },
    { name: 'State', cell: token => { const [state, text] = stateOf(token); return el(Badge, { state }, text) } },
    { name: 'Uses left', number: true, cell: token => number(token.usesLeft) },
    { name: 'Labels it gives', cell: token => el(Labels, { labels: token.labels }) },
    { name: 'Made by', cell: token => token.createdBy },
    { name: 'Made', cell: token => el(Time, { at: token.createdAt }) },
    { name: 'Expires', cell: token => el(Ago, { at: token.expiresAt }) },
    ...(mayWrite ? [{ name: '', cell: token => el('button.small', { type: 'button', onClick: () => onRemove(token), 'aria-label': `Remove ${shortId(token.id)}` }, 'Remove') }] : []),
  ]
}

/** `site=berlin, team=web` as an object; throws what is wrong with it. */
export function parseLabels(text) {
  const labels = {}
  for (const piece of text.split(',').map(each => each.trim()).filter(Boolean)) {
    const equals = piece.indexOf('=')
    if (equals < 1) throw new Error(`‘${piece}’ is not NAME=VALUE`)
    labels[piece.slice(0, equals).trim()] = piece.slice(equals + 1).trim()
  }
  return labels
}

export function Tokens({ me }) {
  const list = useList('join-tokens', { limit: 100 }, 10)
  const [created, setCreated] = useState(null)
  const [removing, setRemoving] = useState(null)
  const mayWrite = me.roles.includes('administrator')
  return el(Page, { title: 'Join tokens', note: 'A join token lets new agents enrol, for a limited time and number of uses.' },
    created ? el(Created, { created, me, onClose: () => setCreated(null) }) : null,
    mayWrite ? el(Create, { onCreated: token => { setCreated(token); list.reload() } }) : null,
    el('div.card.flush', null,
      el(Table, { label: 'Join tokens', columns: columns(mayWrite, setRemoving), list,
        empty: { title: 'No join tokens', hint: mayWrite ? 'Create one to enrol an agent.' : 'An administrator can create one.' } })),
    removing ? el(Remove, { token: removing, onClose: () => setRemoving(null), onDone: () => { setRemoving(null); list.reload() } }) : null)
}

function Create({ onCreated }) {
  const [problem, setProblem] = useState(null)
  const [busy, setBusy] = useState(false)
  const submit = event => {
    event.preventDefault()
    const form = new FormData(event.target)
    setProblem(null)
    let labels
    try {
      labels = parseLabels(form.get('labels'))
    } catch (wrong) {
      setProblem(wrong)
      return
    }
    setBusy(true)
    post('join-tokens', { uses: Number(form.get('uses')), ttlSeconds: Number(form.get('time')), labels })
      .then(onCreated)
      .catch(setProblem)
      .finally(() => setBusy(false))
  }
  return el(Card, { title: 'New token' },
    el('form', { onSubmit: submit },
      problem ? el(Failure, { problem }) : null,
      el('div.filters', null,
        el(Field, { label: 'Agents that may use it' }, el('input', { name: 'uses', type: 'number', min: 1, max: 1000000, value: 1, required: true })),
        el(Field, { label: 'Valid for' }, el('select', { name: 'time' }, TIMES.map(([seconds, text]) => el('option', { key: seconds, value: seconds }, text)))),
        el(Field, { label: 'Labels for those agents' }, el('input', { name: 'labels', placeholder: 'site=berlin, team=web', autocomplete: 'off' })),
        el('button.primary', { type: 'submit', disabled: busy }, busy ? 'Creating…' : 'Create'))))
}

function Created({ created, me, onClose }) {
  const command = `gatehouse agent enroll --url ${me.accessUrls[0]} --token ${created.token} --ca-pin ${me.caPin}`
  return el('section.card.good', { role: 'status' },
    el('header', null, el('h2', null, 'Token created'), el('button.small', { type: 'button', onClick: onClose }, 'Done')),
    el('p', null, 'This is the only time it is shown. Run this on the machine that is to become an agent:'),
    el('div.copy', null, el('code', null, command), el(Copy, { text: command, name: 'the command' })),
    el('p.quiet', null, 'or take the token alone:'),
    el('div.copy', null, el('code', { id: 'token' }, created.token), el(Copy, { text: created.token, name: 'the token' })))
}

function Remove({ token, onClose, onDone }) {
  const [problem, setProblem] = useState(null)
  const [busy, setBusy] = useState(false)
  const submit = event => {
    event.preventDefault()
    setBusy(true)
    remove(`join-tokens/${token.id}`).then(onDone).catch(cause => { setProblem(cause); setBusy(false) })
  }
  return el(Dialog, { title: `Remove token ${shortId(token.id)}?`, onClose },
    el('form', { onSubmit: submit },
      el('p', null, 'Nobody can enrol with it any more. Agents that have used it stay.'),
      problem ? el(Failure, { problem }) : null,
      el(Buttons, { onCancel: onClose, confirm: 'Remove', busy, danger: true })))
}
