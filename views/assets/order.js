// Puts lines into an order: dragged by their handle with a mouse, a pen or a finger, or moved by the
// arrow keys while the handle has the focus. Data: JSON of lines ({ item, title }) and words.

const decoder = new TextDecoder()
const lists = new WeakMap()
const ENDS = ["pointerup", "pointercancel"]
const RESTS = 700 // ms without a key before a new order is said

function open(parent) {
  const root = document.createElement("ol")
  root.className = "paper ordered"
  parent.append(root)
  const state = { root, text: "", said: "", timer: 0 }
  state.close = () => {
    clearTimeout(state.timer)
    root.remove()
    lists.delete(parent)
  }
  return state
}

const order = ({ root }) => [...root.children].map(line => Number(line.dataset.item))

function say(state) {
  const now = order(state)
  if (now.join() === state.said) return
  state.said = now.join()
  state.send({ order: now, number: Date.now() })
}

function line(state, { item, title }, words) {
  const made = document.createElement("li")
  made.dataset.item = item
  const handle = document.createElement("button")
  handle.type = "button"
  handle.textContent = "⠿"
  handle.setAttribute("aria-label", words.replace("{title}", title))
  handle.addEventListener("pointerdown", event => drag(state, made, handle, event))
  handle.addEventListener("keydown", event => key(state, made, handle, event))
  const name = document.createElement("span")
  name.textContent = title
  made.append(handle, name)
  return made
}

// The line goes where the pointer is: before the first line whose middle lies below it.
function drag(state, made, handle, event) {
  if (event.button) return
  event.preventDefault()
  handle.focus()
  made.classList.add("held")
  const move = ({ clientY }) => {
    const others = [...state.root.children].filter(one => one !== made)
    const below = others.find(one => {
      const box = one.getBoundingClientRect()
      return clientY < box.top + box.height / 2
    })
    put(state, made, below ?? null)
  }
  const end = () => {
    made.classList.remove("held")
    document.removeEventListener("pointermove", move, true)
    for (const name of ENDS) document.removeEventListener(name, end, true)
    say(state)
  }
  document.addEventListener("pointermove", move, true)
  for (const name of ENDS) document.addEventListener(name, end, true)
}

// The others go round it: a line that leaves the document for a moment loses finger and focus.
function put({ root }, made, before) {
  const lines = [...root.children].filter(one => one !== made)
  const at = before ? lines.indexOf(before) : lines.length
  const lies = (one, side) => made.compareDocumentPosition(one) & side
  for (const one of lines.slice(0, at))
    if (lies(one, Node.DOCUMENT_POSITION_FOLLOWING)) root.insertBefore(one, made)
  for (const one of lines.slice(at).reverse())
    if (lies(one, Node.DOCUMENT_POSITION_PRECEDING)) root.insertBefore(one, made.nextSibling)
}

function key(state, made, handle, event) {
  const before = { ArrowUp: made.previousElementSibling, ArrowDown: made.nextElementSibling?.nextElementSibling ?? null }
  if (!(event.key in before) || event.ctrlKey || event.metaKey || event.altKey) return
  event.preventDefault()
  const last = event.key === "ArrowUp" ? !made.previousElementSibling : !made.nextElementSibling
  if (last) return
  put(state, made, before[event.key])
  clearTimeout(state.timer)
  state.timer = setTimeout(() => say(state), RESTS)
}

export function ordered({ data, parentElement, setTriggerValue }) {
  if (!lists.has(parentElement)) lists.set(parentElement, open(parentElement))
  const state = lists.get(parentElement)
  state.send = value => setTriggerValue("ordered", value)
  const text = decoder.decode(data)
  if (text !== state.text) {
    state.text = text
    const { lines, words } = JSON.parse(text)
    const focused = state.root.contains(document.activeElement) && document.activeElement.parentElement.dataset.item
    state.root.textContent = ""
    state.root.append(...lines.map(one => line(state, one, words)))
    state.said = order(state).join()
    state.root.dataset.painted = "1"
    if (focused) state.root.querySelector(`[data-item="${focused}"] button`)?.focus({ preventScroll: true })
  }
  return state.close
}
