import { el, useState } from '../parts/h.js'
import { useList } from '../parts/list.js'
import { Page, Time } from '../parts/bits.js'
import { AgentChoice, Choice, RANGES, Search, Switch, fromOf, useFilters } from '../parts/form.js'
import { Table } from '../parts/table.js'
import { shortId, span } from '../parts/format.js'

const KINDS = ['log', 'process', 'login', 'network', 'host', 'window', 'idle', 'file', 'print', 'mail']
const REFRESH_SECONDS = 5

export const eventColumns = columnsFor('')

function columnsFor(text, open, toggle) {
  return [
    { name: 'Time', cell: event => el(Time, { at: event.time }) },
    { name: 'Agent', cell: event => el('a', { href: `#/agents/${event.agentId}` }, event.agentName || shortId(event.agentId)) },
    { name: 'Kind', cell: event => el('span.tag', null, event.kind) },
    { name: 'User', cell: event => event.user || el('span.quiet', null, '–') },
    { name: 'Application', cell: event => event.application || el('span.quiet', null, '–') },
    { name: 'Event', class: 'wide', cell: event => {
      const line = [
        event.title ? el('b', null, el(Marked, { text: event.title, part: text })) : null,
        event.title && event.text ? ' ' : null,
        el(Marked, { text: bestLine(event.text, text), part: text }),
      ]
      return toggle
        ? el('button.plain', { type: 'button', onClick: () => toggle(event.id), 'aria-expanded': open === event.id ? 'true' : 'false' }, line)
        : el('span', { title: event.text }, line)
    } },
  ]
}

/** The first line that has the searched part, else the first. */
function bestLine(text, part) {
  const lines = text.split('\n')
  return (part && lines.find(line => line.toLowerCase().includes(part.toLowerCase()))) || lines[0]
}

/** The text with the searched part marked. */
function Marked({ text, part }) {
  if (!part) return text
  const pieces = []
  const lower = text.toLowerCase()
  const wanted = part.toLowerCase()
  let at = 0
  for (let found = lower.indexOf(wanted); found >= 0 && pieces.length < 40; found = lower.indexOf(wanted, at)) {
    pieces.push(text.slice(at, found), el('mark', { key: found }, text.slice(found, found + part.length)))
    at = found + part.length
  }
  return el('span', null, pieces, text.slice(at))
}

function Details({ event }) {
  const attributes = Object.entries(event.attributes)
  return el('div.details', null,
    event.text ? el('pre', null, event.text) : null,
    el('dl.facts', null,
      attributes.map(([name, value]) => el('div', { key: name }, el('dt', null, name), el('dd.mono', null, String(value)))),
      event.durationMicros ? el('div', null, el('dt', null, 'Duration'), el('dd', null, span(Math.round(event.durationMicros / 1e6)))) : null,
      el('div', null, el('dt', null, 'Id'), el('dd.mono', null, event.id))))
}

export function Events({ route }) {
  const [filters, setFilter] = useFilters(route)
  const [refresh, setRefresh] = useState(true)
  const [open, setOpen] = useState(null)
  const range = filters.range || '24h'
  const list = useList('events', now => ({
    limit: 100, text: filters.text, kind: filters.kind, agentId: filters.agentId, user: filters.user, application: filters.application,
    from: now ? fromOf(range, now) : range,
  }), refresh && !open ? REFRESH_SECONDS : 0)
  const columns = columnsFor(filters.text, open, id => setOpen(open === id ? null : id))
  return el(Page, { title: 'Events', note: 'What happened on the agents’ machines, newest first.',
    actions: el(Switch, { label: 'Refresh by itself', on: refresh, onChange: setRefresh }) },
  el('div.filters', { role: 'search' },
    el(Search, { label: 'Text', value: filters.text, onChange: value => setFilter('text', value), placeholder: 'in title or text' }),
    el(Choice, { label: 'Time', value: range, onChange: value => setFilter('range', value === '24h' ? '' : value), options: RANGES }),
    el(AgentChoice, { value: filters.agentId, onChange: value => setFilter('agentId', value) }),
    el(Search, { label: 'Kind', value: filters.kind, onChange: value => setFilter('kind', value), placeholder: 'log', list: 'kinds' }),
    el(Search, { label: 'User', value: filters.user, onChange: value => setFilter('user', value) }),
    el(Search, { label: 'Application', value: filters.application, onChange: value => setFilter('application', value) }),
    el('datalist', { id: 'kinds' }, KINDS.map(kind => el('option', { key: kind, value: kind })))),
  el('div.card.flush', null,
    el(Table, { label: 'Events', columns, list, expanded: event => (event.id === open ? el(Details, { event }) : null),
      empty: { title: 'No events here', hint: range === 'all' ? 'Change or clear the filters.' : 'Try a longer time, or fewer filters.' } })))
}
