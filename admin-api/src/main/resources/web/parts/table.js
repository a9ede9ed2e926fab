// A table with its states: loading, failed, empty, and more to load.
import { el } from './h.js'
import { Failure } from './bits.js'

/**
 * columns: [{name, cell(row), number?, class?}]; list: what useList() gives; empty: {title, hint}
 */
export function Table({ label, columns, list, rows, empty, rowKey = row => row.id, expanded }) {
  const shown = rows || list.items
  if (list.problem && !shown.length) return el(Fail, { list })
  if (list.loading && !shown.length) return el(Skeleton, { columns: columns.length })
  if (!shown.length) {
    return el('div.empty', null, el('b', null, empty.title), el('p.quiet', null, empty.hint))
  }
  return el('div', null,
    list.problem ? el(Fail, { list }) : null,
    el('div.scroll', { tabIndex: 0, role: 'region', 'aria-label': label },
      el('table', { 'aria-busy': list.loading ? 'true' : 'false' },
        el('thead', null, el('tr', null, columns.map(column =>
          el('th', { key: column.name, scope: 'col', class: column.number ? 'number' : '' }, column.name)))),
        el('tbody', null, shown.flatMap(row => [
          el('tr', { key: rowKey(row) }, columns.map(column =>
            el('td', { key: column.name, class: [column.number ? 'number' : '', column.class].filter(Boolean).join(' ') }, column.cell(row)))),
          expanded && expanded(row)
            ? el('tr.more', { key: `${rowKey(row)}+` }, el('td', { colSpan: columns.length }, expanded(row)))
            : null,
        ])))),
    el('footer.list', null,
      el('span.quiet', null, `${shown.length.toLocaleString()}${list.more ? '+' : ''} shown`),
      list.more
        ? el('button', { type: 'button', onClick: list.more, disabled: list.loading }, list.loading ? 'Loading…' : 'Load more')
        : null))
}

const Fail = ({ list }) => el(Failure, { problem: list.problem, retry: list.reload })

const Skeleton = ({ columns }) =>
  el('div.skeleton', { role: 'status', 'aria-label': 'Loading' },
    Array.from({ length: 6 }, (_, row) => el('div', { key: row },
      Array.from({ length: Math.min(columns, 6) }, (_, cell) => el('span', { key: cell })))))
