// The ingest rate of the last three minutes, drawn as the feed comes in.
import { el, h } from './h.js'
import { bytes, clock, number } from './format.js'

const SECONDS = 180
const WIDTH = 900
const HEIGHT = 200
const LEFT = 74
const BOTTOM = 24
const TOP = 10

/** A round number of bytes not below the peak. */
function top(peak) {
  let step = 1024
  while (step < peak) step *= 2
  return step
}

export function RatePlot({ live }) {
  const until = live.until || Math.floor(Date.now() / 1000)
  const values = []
  for (let second = until - SECONDS; second < until; second++) {
    values.push(live.seconds.get(second) || { bytes: 0, chunks: 0 })
  }
  const peak = Math.max(...values.map(value => value.bytes))
  const limit = top(peak)
  const x = index => LEFT + (index * (WIDTH - LEFT)) / (SECONDS - 1)
  const y = value => TOP + (1 - value / limit) * (HEIGHT - TOP - BOTTOM)
  const line = values.map((value, index) => `${x(index).toFixed(1)},${y(value.bytes).toFixed(1)}`).join(' L')
  const recent = values.slice(-10)
  const mean = name => recent.reduce((sum, value) => sum + value[name], 0) / recent.length
  return el('div.plot', null,
    el('div.figures', null,
      figure(`${bytes(Math.round(mean('bytes')))}/s`, 'mean of 10 s'),
      figure(`${number(Math.round(mean('chunks')))}/s`, 'chunks'),
      figure(`${bytes(peak)}/s`, 'peak of 3 min')),
    h('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img',
      'aria-label': `Ingest rate: now ${bytes(Math.round(mean('bytes')))} per second, peak of three minutes ${bytes(peak)} per second` },
    [0, 0.5, 1].map(part => h('g', { key: part },
      h('line', { class: 'grid', x1: LEFT, x2: WIDTH, y1: y(limit * part), y2: y(limit * part) }),
      h('text', { class: 'axis', x: LEFT - 8, y: y(limit * part) + 4, 'text-anchor': 'end' }, `${bytes(limit * part)}/s`))),
    [0, 60, 120].map(second => h('g', { key: second },
      h('line', { class: 'grid', x1: x(second), x2: x(second), y1: TOP, y2: HEIGHT - BOTTOM }),
      h('text', { x: x(second) + 2, y: HEIGHT - 6 }, clock(new Date((until - SECONDS + second) * 1000))))),
    h('text', { x: WIDTH - 2, y: HEIGHT - 6, 'text-anchor': 'end' }, 'now'),
    h('path', { class: 'area', d: `M${LEFT},${y(0)} L${line} L${WIDTH},${y(0)} Z` }),
    h('path', { class: 'line', d: `M${line}` })))
}

const figure = (value, name) => el('div', null, el('b', null, value), el('span.quiet', null, name))
