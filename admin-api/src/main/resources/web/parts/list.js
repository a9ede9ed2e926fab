// A list of the API, page after page.
import { useEffect, useRef, useState } from './h.js'
import { get } from '../api.js'

/**
 * {items, loading, problem, more (a function, or null at the end), reload, update(change of items)}.
 * parameters may be a function: called for each first page, so that "the last hour" means now.
 */
export function useList(path, parameters = {}, everySeconds = 0) {
  const [state, setState] = useState({ items: [], next: null, loading: true, problem: null, pages: 0 })
  const latest = useRef(null)
  const key = path + JSON.stringify(typeof parameters === 'function' ? parameters(0) : parameters)

  const load = (cursor, quiet) => {
    if (latest.current) latest.current.abort()
    const abort = new AbortController()
    latest.current = abort
    const fixed = cursor ? latest.parameters : typeof parameters === 'function' ? parameters(Date.now()) : parameters
    latest.parameters = fixed
    if (!quiet) setState(old => ({ ...old, loading: true }))
    get(path, { ...fixed, ...(cursor ? { cursor } : {}) }, abort.signal)
      .then(page => setState(old => ({
        items: cursor ? [...old.items, ...page.items] : page.items,
        next: page.nextCursor,
        pages: cursor ? old.pages + 1 : 1,
        loading: false,
        problem: null,
      })))
      .catch(problem => {
        if (problem.name !== 'AbortError') setState(old => ({ ...old, loading: false, problem }))
      })
  }

  useEffect(() => {
    setState({ items: [], next: null, loading: true, problem: null, pages: 0 })
    load()
    return () => latest.current && latest.current.abort()
  }, [key])

  useEffect(() => {
    if (!everySeconds) return undefined
    const timer = setInterval(() => {
      // whoever has loaded more is reading: nothing moves under their eyes
      if (!document.hidden && state.pages <= 1) load(null, true)
    }, everySeconds * 1000)
    return () => clearInterval(timer)
  }, [key, everySeconds, state.pages])

  return {
    items: state.items,
    loading: state.loading,
    problem: state.problem,
    more: state.next ? () => load(state.next) : null,
    reload: () => load(),
  }
}

/** One thing of the API: {value, loading, problem, reload, set}. */
export function useOne(path) {
  const [state, setState] = useState({ value: null, loading: true, problem: null })
  const load = () => {
    setState(old => ({ ...old, loading: true }))
    get(path)
      .then(value => setState({ value, loading: false, problem: null }))
      .catch(problem => setState(old => ({ ...old, loading: false, problem })))
  }
  useEffect(() => {
    setState({ value: null, loading: true, problem: null })
    load()
  }, [path])
  return { ...state, reload: load, set: value => setState({ value, loading: false, problem: null }) }
}
