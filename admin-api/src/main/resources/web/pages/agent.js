import { el, useState } from '../parts/h.js'
import { post } from '../api.js'
import { useList, useOne } from '../parts/list.js'
import { Ago, Badge, Card, Copy, Failure, Labels, Page, Time } from '../parts/bits.js'
import { Buttons, Dialog } from '../parts/dialog.js'
import { Field } from '../parts/form.js'
import { Table } from '../parts/table.js'
import { bytes, number } from '../parts/format.js'
import { useLive, withLive } from '../live.js'
import { eventColumns } from './events.js'
import { streamColumns } from './streams.js'

export function Agent({ id, me }) {
  const live = useLive()
  const one = useOne(`agents/${id}`)
  const [asking, setAsking] = useState(false)
  if (!one.value) {
    return el(Page, { title: 'Agent' }, one.problem ? el(Failure, { problem: one.problem, retry: one.reload }) : el('p.quiet', { role: 'status' }, 'Loading…'))
  }
  const agent = one.value.state === 'revoked' ? one.value : withLive(live, one.value)
  const mayRevoke = me.roles.includes('administrator') && agent.state !== 'revoked'
  return el(Page, { title: agent.name, note: el(Badge, { state: agent.state }),
    actions: mayRevoke ? el('button.danger', { type: 'button', onClick: () => setAsking(true) }, 'Revoke…') : null },
  agent.duplicate ? el('div.notice.bad', null, 'Another machine comes with this agent’s identity and is refused. Was its folder copied?') : null,
  el(Card, null, el('dl.facts', null,
    fact('Id', el('span.mono', null, agent.id, ' ', el(Copy, { text: agent.id, name: 'the id' }))),
    fact('Labels', el(Labels, { labels: agent.labels })),
    fact('Version', agent.version || '–'),
    fact('Last seen', el(Ago, { at: agent.state === 'online' ? new Date().toISOString() : agent.lastSeenAt })),
    fact('Comes from', agent.address || '–'),
    fact('Gateways', agent.gateways.length ? agent.gateways.join(', ') : '–'),
    fact('Waiting in its spool', `${bytes(agent.spool.bytes)} in ${number(agent.spool.chunks)} chunks`),
    fact('Not captured, spool full', agent.spool.refusedBytes ? el('span.tag.bad', null, bytes(agent.spool.refusedBytes)) : 'nothing'),
    fact('Enrolled', el(Time, { at: agent.enrolledAt })),
    agent.revokedAt ? fact('Revoked', el('span', null, el(Time, { at: agent.revokedAt }), ` – ${agent.revokedReason || 'no reason given'}`)) : null)),
  el(Captured, { id }),
  asking ? el(Revoke, { agent, onClose: () => setAsking(false), onDone: value => { one.set(value); setAsking(false) } }) : null)
}

const fact = (name, value) => el('div', { key: name }, el('dt', null, name), el('dd', null, value))

function Captured({ id }) {
  const streams = useList('streams', { agentId: id, limit: 20 }, 10)
  const events = useList('events', { agentId: id, limit: 20 }, 10)
  const without = columns => columns.filter(column => column.name !== 'Agent')
  return el('div', null,
    el(Card, { title: 'Newest streams', flush: true, aside: el('a', { href: `#/streams?agentId=${id}` }, 'All of its streams') },
      el(Table, { label: 'Newest streams', list: { ...streams, more: null }, columns: without(streamColumns), empty: { title: 'Nothing captured yet', hint: '' } })),
    el(Card, { title: 'Newest events', flush: true, aside: el('a', { href: `#/events?agentId=${id}` }, 'All of its events') },
      el(Table, { label: 'Newest events', list: { ...events, more: null }, columns: without(eventColumns), empty: { title: 'No events in the last 24 hours', hint: '' } })))
}

function Revoke({ agent, onClose, onDone }) {
  const [problem, setProblem] = useState(null)
  const [busy, setBusy] = useState(false)
  const submit = event => {
    event.preventDefault()
    setBusy(true)
    post(`agents/${agent.id}/revoke`, { reason: new FormData(event.target).get('reason') })
      .then(onDone)
      .catch(cause => { setProblem(cause); setBusy(false) })
  }
  return el(Dialog, { title: `Revoke ${agent.name}?`, onClose },
    el('form', { onSubmit: submit },
      el('p', null, 'Its certificates stop working at once and its links are cut. What it has captured stays. To come back it must be enrolled anew.'),
      problem ? el(Failure, { problem }) : null,
      el(Field, { label: 'Reason, for the audit' }, el('input', { name: 'reason', required: true, maxLength: 500, autofocus: true })),
      el(Buttons, { onCancel: onClose, confirm: 'Revoke', busy, danger: true })))
}
