// How numbers and times look. Pure.
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']

export function bytes(n) {
  if (n === null || n === undefined) return '–'
  let unit = 0
  let value = n
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024
    unit++
  }
  const digits = unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2
  return `${value.toFixed(digits)} ${UNITS[unit]}`
}

export const number = n => (n === null || n === undefined ? '–' : n.toLocaleString())

const two = n => String(n).padStart(2, '0')

/** Local date and time to the second. */
export function time(text) {
  if (!text) return '–'
  const t = new Date(text)
  return `${t.getFullYear()}-${two(t.getMonth() + 1)}-${two(t.getDate())} ${clock(t)}`
}

export const clock = t => `${two(t.getHours())}:${two(t.getMinutes())}:${two(t.getSeconds())}`

export function ago(text, now = Date.now()) {
  if (!text) return 'never'
  const seconds = Math.round((now - new Date(text).getTime()) / 1000)
  if (seconds < 0) return `in ${span(-seconds)}`
  return seconds < 2 ? 'just now' : `${span(seconds)} ago`
}

export function span(seconds) {
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`
  return `${Math.floor(seconds / 86400)} d ${Math.floor((seconds % 86400) / 3600)} h`
}

export const shortId = id => (id ? id.slice(0, 8) : '–')
