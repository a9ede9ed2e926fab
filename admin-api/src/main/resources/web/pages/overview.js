import { el } from '../parts/h.js'
import { useList } from '../parts/list.js'
import { Ago, Card, Page } from '../parts/bits.js'
import { RatePlot } from '../parts/plot.js'
import { Table } from '../parts/table.js'
import { number } from '../parts/format.js'
import { useLive } from '../live.js'
import { eventColumns } from './events.js'
import { streamColumns } from './streams.js'

export function Overview() {
  const live = useLive()
  const events = useList('events', { limit: 8 }, 5)
  const streams = useList('streams', { limit: 8 }, 5)
  const counts = live.counts || {}
  return el(Page, { title: 'Overview' },
    el('div.counts', null,
      el(Count, { href: '#/agents?state=online', name: 'agents online', value: counts.online, state: 'online' }),
      el(Count, { href: '#/agents?state=offline', name: 'offline', value: counts.offline, state: 'offline' }),
      el(Count, { href: '#/agents?state=revoked', name: 'revoked', value: counts.revoked, state: 'revoked' }),
      el(Count, { href: '#/streams', name: 'streams open', value: counts.openStreams })),
    el(Card, { title: 'Made durable' }, el(RatePlot, { live })),
    el('div.columns', null,
      el(Card, { title: 'Newest events', flush: true, aside: el('a', { href: '#/events' }, 'All events') },
        el(Table, { label: 'Newest events', list: { ...events, more: null }, columns: [since(event => event.time), ...eventColumns.filter(column => ['Agent', 'Event'].includes(column.name))],
          empty: { title: 'No events in the last 24 hours', hint: 'They appear within seconds of being captured.' } })),
      el(Card, { title: 'Newest streams', flush: true, aside: el('a', { href: '#/streams' }, 'All streams') },
        el(Table, { label: 'Newest streams', list: { ...streams, more: null }, columns: [since(stream => stream.openedAt), ...streamColumns.filter(column => ['Stream', 'Size', ''].includes(column.name))],
          empty: { title: 'Nothing captured yet', hint: 'Enrol an agent with a join token and drop a file into a folder it watches.' } }))))
}

const since = at => ({ name: 'When', class: 'quiet', cell: row => el(Ago, { at: at(row) }) })

const Count = ({ name, value, state, href }) =>
  el('a.card.count', { href },
    el('b', null, number(value)),
    el('span', { class: state ? `badge is-${state}` : 'quiet' }, state ? el('span.dot', { 'aria-hidden': 'true' }) : null, name))
