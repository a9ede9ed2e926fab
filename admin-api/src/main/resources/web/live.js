// What happens now: one feed for the whole page, told to whoever uses it.
import { useEffect, useState } from './parts/h.js'

const KEPT_SECONDS = 180

const state = {
  connected: false,
  away: false,
  until: null,
  seconds: new Map(), // second since the epoch → {bytes, chunks}
  counts: null,
  agents: new Map(), // id → what the feed has said since the page was opened
}
const listeners = new Set()
let source = null

export function connect() {
  if (source) return
  source = new EventSource('/api/v1/live')
  source.onopen = () => change({ connected: true })
  source.onerror = () => change({ connected: false }) // the browser comes back by itself
  source.addEventListener('rate', event => rate(JSON.parse(event.data)))
  source.addEventListener('counts', event => change({ counts: JSON.parse(event.data), away: false }))
  source.addEventListener('away', () => change({ away: true }))
  source.addEventListener('agent', event => {
    const agent = JSON.parse(event.data)
    state.agents.set(agent.id, { ...state.agents.get(agent.id), ...agent })
    change({})
  })
}

export function disconnect() {
  if (source) source.close()
  source = null
  state.agents.clear()
  state.seconds.clear()
  change({ connected: false, counts: null })
}

function rate(data) {
  for (const second of data.seconds) {
    state.seconds.set(Math.floor(Date.parse(second.at) / 1000), second)
  }
  const until = Math.floor(Date.parse(data.until) / 1000)
  for (const second of state.seconds.keys()) {
    if (second < until - KEPT_SECONDS) state.seconds.delete(second)
  }
  change({ until, away: false })
}

function change(news) {
  Object.assign(state, news)
  listeners.forEach(listener => listener())
}

/** The feed's state; draws again when it changes. */
export function useLive() {
  const [, draw] = useState(0)
  useEffect(() => {
    const listener = () => draw(n => n + 1)
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, [])
  return state
}

/** An agent of a list with what the feed knows better. */
export const withLive = (live, agent) => ({ ...agent, ...live.agents.get(agent.id) })
