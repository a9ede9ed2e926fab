// Fields of filters and forms.
import { el, useEffect, useState } from './h.js'
import { get } from '../api.js'

const TYPING_MILLIS = 300

export function Field({ label, children }) {
  return el('label.field', null, el('span', null, label), children)
}

/** A text that counts once typing has paused. */
export function Search({ label, value, onChange, placeholder, list }) {
  const [text, setText] = useState(value || '')
  useEffect(() => setText(value || ''), [value])
  useEffect(() => {
    if (text === (value || '')) return undefined
    const timer = setTimeout(() => onChange(text), TYPING_MILLIS)
    return () => clearTimeout(timer)
  }, [text])
  return el(Field, { label },
    el('input', {
      type: 'search', value: text, placeholder, list, autocomplete: 'off', spellcheck: false,
      onInput: event => setText(event.target.value),
    }))
}

/** options: [[value, text], …] */
export function Choice({ label, value, onChange, options }) {
  return el(Field, { label },
    el('select', { value, onChange: event => onChange(event.target.value) },
      options.map(([key, text]) => el('option', { key, value: key }, text))))
}

export function Switch({ label, on, onChange }) {
  return el('label.switch', null,
    el('input', { type: 'checkbox', role: 'switch', checked: on, onChange: event => onChange(event.target.checked) }),
    el('span', null, label))
}

/** The agents by name, for those who have at most a thousand. */
export function AgentChoice({ value, onChange }) {
  const [agents, setAgents] = useState([])
  useEffect(() => {
    get('agents', { limit: 1000 }).then(page => setAgents(page.items)).catch(() => setAgents([]))
  }, [])
  const options = [['', 'All agents'], ...agents.map(agent => [agent.id, agent.name])]
  if (value && !agents.some(agent => agent.id === value)) options.push([value, value])
  return el(Choice, { label: 'Agent', value: value || '', onChange, options })
}

export const RANGES = [['15m', 'Last 15 minutes'], ['1h', 'Last hour'], ['24h', 'Last 24 hours'], ['7d', 'Last 7 days'], ['30d', 'Last 30 days'], ['all', 'All time']]
const MILLIS = { '15m': 900e3, '1h': 3600e3, '24h': 86400e3, '7d': 7 * 86400e3, '30d': 30 * 86400e3 }

/** The time at which a range begins; `all` begins with time itself. */
export const fromOf = (range, now) => (MILLIS[range] ? new Date(now - MILLIS[range]).toISOString() : '1970-01-01T00:00:00Z')

/** Filters that live in the address, so that what one sees can be shared. */
export function useFilters(route) {
  const set = (name, value) => {
    const query = new URLSearchParams(route.query)
    if (value) query.set(name, value)
    else query.delete(name)
    const text = query.toString()
    history.replaceState(null, '', `#${route.path}${text ? `?${text}` : ''}`)
    dispatchEvent(new HashChangeEvent('hashchange'))
  }
  return [Object.fromEntries(route.query), set]
}
