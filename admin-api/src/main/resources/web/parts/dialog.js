// A question before something that cannot be undone.
import { el, useEffect, useRef } from './h.js'

export function Dialog({ title, children, onClose }) {
  const dialog = useRef(null)
  useEffect(() => {
    dialog.current.showModal()
  }, [])
  return el('dialog', { ref: dialog, onClose, 'aria-labelledby': 'dialog-title' },
    el('h2', { id: 'dialog-title' }, title),
    children)
}

export const Buttons = ({ onCancel, confirm, busy, danger }) =>
  el('div.buttons', null,
    el('button', { type: 'button', onClick: onCancel }, 'Cancel'),
    el('button', { type: 'submit', class: danger ? 'danger' : 'primary', disabled: busy }, busy ? 'Working…' : confirm))
