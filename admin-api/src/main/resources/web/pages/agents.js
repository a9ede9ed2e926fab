import { el } from '../parts/h.js'
import { useList } from '../parts/list.js'
import { Ago, Badge, Labels, Page } from '../parts/bits.js'
import { Choice, Search, useFilters } from '../parts/form.js'
import { Table } from '../parts/table.js'
import { bytes, number } from '../parts/format.js'
import { useLive, withLive } from '../live.js'

const STATES = [['', 'Any'], ['online', 'Online'], ['offline', 'Offline'], ['revoked', 'Revoked']]

const columns = [
  { name: 'Agent', cell: agent => el('a', { href: `#/agents/${agent.id}` }, el('b', null, agent.name)) },
  { name: 'State', cell: agent => el('span', null, el(Badge, { state: agent.state }), agent.duplicate ? el('span.tag.bad', { title: 'Another machine comes with the same identity and is refused' }, 'duplicate') : null) },
  { name: 'Labels', cell: agent => el(Labels, { labels: agent.labels }) },
  { name: 'In its spool', number: true, cell: agent => el(Backlog, { spool: agent.spool }) },
  { name: 'Last seen', cell: agent => (agent.state === 'online' ? el('span.quiet', null, 'now') : el(Ago, { at: agent.lastSeenAt })) },
  { name: 'Version', cell: agent => agent.version || '–' },
  { name: 'Gateways', class: 'quiet', cell: agent => (agent.gateways.length ? agent.gateways.join(', ') : '–') },
]

export function Backlog({ spool }) {
  if (!spool.chunks) return el('span.quiet', null, 'empty')
  return el('span', { title: `${number(spool.chunks)} chunks` }, bytes(spool.bytes))
}

export function Agents({ route }) {
  const live = useLive()
  const [filters, setFilter] = useFilters(route)
  const list = useList('agents', { limit: 200, state: filters.state, name: filters.name, label: filters.label }, 15)
  const items = list.items.map(agent => withLive(live, agent))
  return el(Page, { title: 'Agents', note: 'Their states change here by themselves.', actions: el('a.button', { href: '#/tokens' }, 'Enrol an agent') },
    el('div.filters', { role: 'search' },
      el(Search, { label: 'Name', value: filters.name, onChange: value => setFilter('name', value), placeholder: 'part of the name' }),
      el(Search, { label: 'Label', value: filters.label, onChange: value => setFilter('label', value), placeholder: 'site=berlin' }),
      el(Choice, { label: 'State', value: filters.state || '', onChange: value => setFilter('state', value), options: STATES })),
    el('div.card.flush', null,
      el(Table, { label: 'Agents', columns, list, rows: items,
        empty: filters.name || filters.label || filters.state
          ? { title: 'No agent fits', hint: 'Change or clear the filters.' }
          : { title: 'No agents yet', hint: 'Create a join token and run the command it shows on the machine.' } })))
}
