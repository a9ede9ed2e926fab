import { el } from '../parts/h.js'
import { useList } from '../parts/list.js'
import { Ago, Badge, Page, Time } from '../parts/bits.js'
import { Table } from '../parts/table.js'

const COLOURS = { ready: 'online', gone: 'offline', draining: 'waiting', starting: 'waiting' }

const columns = [
  { name: 'Node', cell: node => el('span', { title: node.id }, el('b', null, node.name)) },
  { name: 'State', cell: node => el('span', null, el(Badge, { state: COLOURS[node.state] || 'waiting' }, node.state), node.master ? el('span.tag', { title: 'Holds the lease for background work' }, 'master') : null) },
  { name: 'Roles', class: 'wide', cell: node => node.role.split(',').map(role => el('span.tag', { key: role }, role)) },
  { name: 'Status at', class: 'mono', cell: node => node.address },
  { name: 'Version', cell: node => node.version },
  { name: 'Started', cell: node => el(Time, { at: node.startedAt }) },
  { name: 'Last seen', cell: node => el(Ago, { at: node.seenAt }) },
  { name: 'Id', class: 'mono quiet', cell: node => node.id },
]

export function Nodes() {
  const list = useList('nodes', { limit: 200 }, 5)
  const order = node => (node.state === 'gone' ? 1 : 0)
  const rows = [...list.items].sort((a, b) => order(a) - order(b) || a.name.localeCompare(b.name))
  return el(Page, { title: 'Nodes', note: 'The processes of this cluster, and those that left within a day.' },
    el('div.card.flush', null,
      el(Table, { label: 'Nodes', columns, list, rows, empty: { title: 'No nodes', hint: '' } })))
}
