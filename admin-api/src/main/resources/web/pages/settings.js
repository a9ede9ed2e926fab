import { el, useState } from '../parts/h.js'
import { useList } from '../parts/list.js'
import { Page } from '../parts/bits.js'
import { Search } from '../parts/form.js'
import { Table } from '../parts/table.js'

const columns = [
  { name: 'Key', class: 'mono', cell: setting => setting.key },
  { name: 'Value', class: 'mono wide', cell: setting => (setting.value === null || setting.value === '' ? el('span.quiet', null, 'not given') : setting.value) },
]

export function Settings() {
  const [text, setText] = useState('')
  const list = useList('settings')
  const rows = list.items.filter(setting => setting.key.toLowerCase().includes(text.toLowerCase()))
  return el(Page, { title: 'Settings', note: 'Effective on the node that answers; secrets are masked. They are changed in its file or environment.' },
    el('div.filters', { role: 'search' }, el(Search, { label: 'Key', value: text, onChange: setText, placeholder: 'postgres' })),
    el('div.card.flush', null,
      el(Table, { label: 'Settings', columns, list, rows, rowKey: setting => setting.key, empty: { title: 'No such key', hint: '' } })))
}
