import { el } from '../parts/h.js'
import { useList } from '../parts/list.js'
import { Badge, Page, Time } from '../parts/bits.js'
import { Choice, RANGES, Search, fromOf, useFilters } from '../parts/form.js'
import { Table } from '../parts/table.js'

const ACTIONS = ['login', 'logout', 'join-token.create', 'join-token.remove', 'agent.enrol', 'agent.revoke', 'agent.renew-expired', 'person.create', 'person.roles', 'person.password', 'person.disable', 'person.enable', 'person.remove', 'role.create', 'role.set', 'role.remove', 'lock.create', 'lock.remove']

const columns = [
  { name: 'Time', cell: entry => el(Time, { at: entry.at }) },
  { name: 'Who', cell: entry => el('b', null, entry.actor) },
  { name: 'Did', cell: entry => el('span.tag', null, entry.action) },
  { name: 'To', class: 'mono', cell: entry => entry.target || '–' },
  { name: 'Outcome', cell: entry => el(Badge, { state: entry.outcome === 'done' ? 'online' : 'revoked' }, entry.outcome) },
  { name: 'From', class: 'mono quiet', cell: entry => entry.remote || '–' },
  { name: 'Detail', class: 'wide', cell: entry => Object.entries(entry.detail).map(([name, value]) => el('span.label', { key: name }, el('b', null, name), ` ${typeof value === 'object' ? JSON.stringify(value) : value}`)) },
]

export function AuditLog({ route }) {
  const [filters, setFilter] = useFilters(route)
  const range = filters.range || '7d'
  const list = useList('audit', now => ({ limit: 100, actor: filters.actor, action: filters.action, from: now ? fromOf(range, now) : range }), 10)
  return el(Page, { title: 'Audit', note: 'Who did what. Rows are only ever added.' },
    el('div.filters', { role: 'search' },
      el(Search, { label: 'Who', value: filters.actor, onChange: value => setFilter('actor', value), placeholder: 'whole name' }),
      el(Search, { label: 'Action', value: filters.action, onChange: value => setFilter('action', value), placeholder: 'login', list: 'actions' }),
      el('datalist', { id: 'actions' }, ACTIONS.map(action => el('option', { key: action, value: action }))),
      el(Choice, { label: 'Time', value: range, onChange: value => setFilter('range', value === '7d' ? '' : value), options: RANGES })),
    el('div.card.flush', null,
      el(Table, { label: 'Audit', columns, list, empty: { title: 'Nothing here', hint: 'Try a longer time, or fewer filters.' } })))
}
