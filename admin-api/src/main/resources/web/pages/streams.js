import { el } from '../parts/h.js'
import { url } from '../api.js'
import { useList } from '../parts/list.js'
import { Badge, Page, Time } from '../parts/bits.js'
import { AgentChoice, Choice, RANGES, Search, fromOf, useFilters } from '../parts/form.js'
import { Table } from '../parts/table.js'
import { bytes, number, shortId } from '../parts/format.js'

const KINDS = [['', 'Any'], ['file', 'Files'], ['events', 'Events'], ['screen', 'Screen'], ['audio', 'Audio']]

export const streamColumns = [
  { name: 'Stream', class: 'wide', cell: stream => el('span', { title: stream.name },
    el('span.tag', null, stream.kind), ' ', stream.name ? el('b', null, stream.name) : el('span.mono.quiet', { title: stream.id }, shortId(stream.id))) },
  { name: 'Agent', cell: stream => el('a', { href: `#/agents/${stream.agentId}` }, stream.agentName || shortId(stream.agentId)) },
  { name: 'State', cell: stream => el('span', null,
    stream.closedAt ? el(Badge, { state: 'offline' }, 'closed') : el(Badge, { state: 'online' }, 'open'),
    stream.missingChunks ? el('span.tag.bad', { title: 'Lost on the agent’s side or arrived damaged; zeros stand for them in a download' }, `${number(stream.missingChunks)} missing`) : null) },
  { name: 'Opened', cell: stream => el(Time, { at: stream.openedAt }) },
  { name: 'Size', number: true, cell: stream => el('span', { title: `${number(stream.bytes)} bytes in ${number(stream.chunks)} chunks` }, bytes(stream.bytes)) },
  { name: 'SHA-256', class: 'mono quiet', cell: stream => el('span', { title: stream.sha256 || '' }, stream.sha256 ? stream.sha256.slice(0, 12) : '–') },
  { name: '', cell: stream => el('a.button.small', { href: url(`streams/${stream.id}/content`), download: true, 'aria-label': `Download ${stream.name || stream.kind}` }, 'Download') },
]

export function Streams({ route }) {
  const [filters, setFilter] = useFilters(route)
  const range = filters.range || 'all'
  const list = useList('streams', now => ({
    limit: 100, kind: filters.kind, name: filters.name, agentId: filters.agentId, range: undefined,
    from: range === 'all' ? undefined : now ? fromOf(range, now) : range,
  }), 10)
  return el(Page, { title: 'Streams', note: 'What agents have captured, newest first.' },
    el('div.filters', { role: 'search' },
      el(Search, { label: 'Name', value: filters.name, onChange: value => setFilter('name', value), placeholder: 'part of the path' }),
      el(Choice, { label: 'Kind', value: filters.kind || '', onChange: value => setFilter('kind', value), options: KINDS }),
      el(AgentChoice, { value: filters.agentId, onChange: value => setFilter('agentId', value) }),
      el(Choice, { label: 'Opened', value: range, onChange: value => setFilter('range', value === 'all' ? '' : value), options: RANGES })),
    el('div.card.flush', null,
      el(Table, { label: 'Streams', columns: streamColumns, list,
        empty: Object.keys(filters).length
          ? { title: 'No stream fits', hint: 'Change or clear the filters.' }
          : { title: 'Nothing captured yet', hint: 'Drop a file into a folder that an agent watches.' } })))
}
