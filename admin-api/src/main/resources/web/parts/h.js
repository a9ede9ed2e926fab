// Preact in one place. el('div.card.wide', {…}, …children) is h() with classes in the name; el(Component, …) is h().
import { h, render, Fragment } from '/vendor/preact.js'

export { h, render, Fragment }
export { useState, useEffect, useRef, useMemo, useCallback } from '/vendor/hooks.js'

export function el(name, props, ...children) {
  if (typeof name !== 'string') return h(name, props, ...children)
  const [tag, ...classes] = name.split('.')
  const given = props || {}
  const all = [...classes, given.class].filter(Boolean).join(' ')
  return h(tag || 'div', all ? { ...given, class: all } : given, ...children)
}
