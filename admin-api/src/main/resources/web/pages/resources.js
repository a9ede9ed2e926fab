import { el } from '../parts/h.js'
import { useList } from '../parts/list.js'
import { Badge, Labels, Page } from '../parts/bits.js'
import { Choice, Search, useFilters } from '../parts/form.js'
import { Table } from '../parts/table.js'

const KINDS = [['', 'Any'], ...['tcp', 'postgres', 'mysql', 'redis', 'ssh', 'desktop', 'web', 'kubernetes'].map(kind => [kind, kind])]
const COLOURS = { healthy: 'online', unhealthy: 'revoked', unknown: 'waiting', offline: 'offline' }

const columns = [
  { name: 'Resource', cell: resource => el('span', null, el('b', null, resource.name), resource.registered ? el('span.tag', { title: `Registered by ${resource.registered.createdBy}: ${resource.registered.uri}` }, 'registered') : null) },
  { name: 'Kind', cell: resource => el('span.tag', null, resource.kind) },
  { name: 'Labels', cell: resource => el(Labels, { labels: resource.labels }) },
  { name: 'Replicas', class: 'wide', cell: resource => (resource.replicas.length ? resource.replicas.map(replica => el(Replica, { key: replica.agentId, replica })) : el('span.quiet', null, 'no agent offers it')) },
]

function Replica({ replica }) {
  return el('div', { title: replica.detail || undefined },
    el(Badge, { state: COLOURS[replica.health] || 'waiting' }, replica.health), ' ',
    el('a', { href: `#/agents/${replica.agentId}` }, replica.agentName),
    replica.health === 'offline' ? null : el('span.quiet', null, ` ${replica.load} ${replica.load === 1 ? 'tunnel' : 'tunnels'}`),
    replica.weight === 0 ? el('span.tag', { title: 'Only for those who name this agent' }, 'standby') : null,
    replica.health === 'unhealthy' ? el('span.quiet', null, ` ${replica.detail}`) : null)
}

export function Resources({ route }) {
  const [filters, setFilter] = useFilters(route)
  const list = useList('resources', { limit: 200, kind: filters.kind, name: filters.name, labels: filters.labels }, 5)
  return el(Page, { title: 'Resources', note: 'What agents offer. One name on several agents is one resource.' },
    el('div.filters', { role: 'search' },
      el(Search, { label: 'Name', value: filters.name, onChange: value => setFilter('name', value), placeholder: 'part of the name' }),
      el(Search, { label: 'Labels', value: filters.labels, onChange: value => setFilter('labels', value), placeholder: 'env=prod,team=*' }),
      el(Choice, { label: 'Kind', value: filters.kind || '', onChange: value => setFilter('kind', value), options: KINDS })),
    el('div.card.flush', null,
      el(Table, { label: 'Resources', columns, list, rows: list.items,
        empty: filters.name || filters.labels || filters.kind
          ? { title: 'No resource fits', hint: 'Change or clear the filters.' }
          : { title: 'No resources yet', hint: 'Write them into an agent\'s file, under resources.' } })))
}
