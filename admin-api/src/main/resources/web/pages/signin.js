import { el, useEffect, useRef, useState } from '../parts/h.js'
import { post } from '../api.js'
import { Field } from '../parts/form.js'

export function SignIn({ onSignedIn }) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState(null)
  const name = useRef(null)
  useEffect(() => {
    document.title = 'Sign in · Gatehouse'
    name.current.focus()
  }, [])
  const submit = event => {
    event.preventDefault()
    const form = new FormData(event.target)
    setBusy(true)
    setProblem(null)
    post('login', { username: form.get('username'), password: form.get('password') })
      .then(onSignedIn)
      .catch(cause => {
        setProblem(cause)
        setBusy(false)
      })
  }
  return el('main.center', null,
    el('form.card.signin', { onSubmit: submit },
      el('div.brand', null, el('img', { src: '/icon.svg', alt: '', width: 34, height: 34 }), el('h1', null, 'Gatehouse')),
      problem ? el('div.notice.bad', { role: 'alert' }, sentence(problem)) : null,
      el(Field, { label: 'User name' }, el('input', { ref: name, name: 'username', autocomplete: 'username', required: true, maxLength: 256 })),
      el(Field, { label: 'Password' }, el('input', { name: 'password', type: 'password', autocomplete: 'current-password', required: true, maxLength: 1024 })),
      el('button.primary', { type: 'submit', disabled: busy }, busy ? 'Signing in…' : 'Sign in')))
}

const sentence = problem => problem.message.charAt(0).toUpperCase() + problem.message.slice(1) + '.'
