// What stands around the pages: the language that the document says it is in, the address that the
// server would rather see in the bar, and the words that the framework shows by itself.

const decoder = new TextDecoder()
const NAMED = ["aria-label", "title", "placeholder"]

let exact = new Map()
let shaped = []
// What the framework last said at a node and what we made of it, so that another language is another
// translation of the same words.
const texts = new WeakMap()
const attributes = new WeakMap()

const quoted = text => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")

function learn(words) {
  exact = new Map()
  shaped = []
  for (const [says, ours] of words) {
    if (!says.includes("{1}")) exact.set(says, ours)
    else shaped.push([new RegExp(`^${quoted(says).replace(/\\\{\d\\\}/g, "(.+?)")}$`), ours])
  }
}

function said(text) {
  const words = text.trim()
  if (!words || words.length > 200) return text
  const ours = exact.get(words)
  if (ours !== undefined) return text.replace(words, () => ours)
  for (const [shape, form] of shaped) {
    const found = shape.exec(words)
    if (found) return form.replace(/\{(\d)\}/g, (_, number) => found[number])
  }
  return text
}

// Only what the framework says: our own words and what the data hold are left alone.
const ours = node => node.closest?.(".paper, .taizhang-plot, pre")

function speak(node, current, seen, write) {
  const before = seen.get(node)
  const source = before && before.made === current ? before.source : current
  const made = said(source)
  if (made !== current) write(made)
  if (made !== source) seen.set(node, { source, made })
}

function text(node) {
  if (node.parentElement && ours(node.parentElement)) return
  speak(node, node.nodeValue, texts, made => (node.nodeValue = made))
}

function names(element) {
  for (const name of NAMED) {
    const value = element.getAttribute(name)
    if (!value) continue
    if (!attributes.has(element)) attributes.set(element, {})
    const store = attributes.get(element)
    const seen = { get: () => store[name], set: (_, entry) => (store[name] = entry) }
    speak(element, value, seen, made => element.setAttribute(name, made))
  }
}

function all(root) {
  if (root.nodeType === Node.TEXT_NODE) return text(root)
  if (root.nodeType !== Node.ELEMENT_NODE || ours(root)) return
  names(root)
  const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT)
  while (walk.nextNode()) {
    const node = walk.currentNode
    if (node.nodeType === Node.TEXT_NODE) text(node)
    else names(node)
  }
}

// On a phone a row of a table is a card: each value says what its column is called.
const phone = matchMedia("(max-width: 40rem)")

function cards(root) {
  if (!phone.matches || root.nodeType !== Node.ELEMENT_NODE) return
  const within = root.closest("table.data")
  for (const table of within ? [within] : root.querySelectorAll("table.data")) {
    const heads = []
    for (const th of table.querySelectorAll("thead th")) {
      heads.push(th.textContent.trim())
      // What only names a column is said by each card; what sorts or picks stays to be pressed.
      if (!th.querySelector("a, button, input")) th.dataset.told = ""
    }
    for (const row of table.tBodies[0]?.rows ?? [])
      if (row.cells.length === heads.length)
        [...row.cells].forEach((cell, at) => at && (cell.dataset.head = heads[at]))
  }
}
phone.addEventListener("change", () => cards(document.body))

// How much of the head stays in sight, for what else stays: on a phone only the line that says where
// this is, the menu above it scrolls away.
const NARROW = 640
let head

function measure() {
  const line = head.querySelector(".masthead")
  if (!line) return
  const whole = head.getBoundingClientRect()
  const above = innerWidth < NARROW ? line.getBoundingClientRect().top - whole.top : 0
  const style = document.documentElement.style
  style.setProperty("--head-above", `${-Math.round(above)}px`)
  style.setProperty("--sticky-top", `${Math.round(whole.height - above)}px`)
}

const size = new ResizeObserver(measure)

function follow() {
  const found = document.querySelector(".st-key-top")
  if (!found || found === head) return
  if (head) size.unobserve(head)
  head = found
  size.observe(head)
  // What sticks has to lie beside the page's content, not alone in a box of its own height.
  let box = head
  while (box.parentElement.children.length === 1) box = box.parentElement
  box.dataset.sticks = "head"
}

// A menu that is open closes where anything else is clicked.
addEventListener("click", event => {
  for (const open of document.querySelectorAll(".menu details[open]"))
    if (!open.contains(event.target)) open.open = false
})

const watch = new MutationObserver(changes => {
  follow()
  for (const { type, target, addedNodes } of changes) {
    if (type === "childList") addedNodes.forEach(node => { cards(node); all(node) })
    else if (type === "characterData") {
      cards(target.parentElement ?? target)
      text(target)
    }
    else names(target)
  }
})
let watching = false
let last = ""

export function surroundings({ data }) {
  const told = decoder.decode(data)
  if (told === last) return
  last = told
  const { lang, words, address } = JSON.parse(told)
  document.documentElement.lang = lang
  learn(words)
  all(document.body)
  cards(document.body)
  follow()
  if (!watching) {
    watching = true
    watch.observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
      attributeFilter: NAMED,
    })
  }
  // What the address held too much of, such as a name, is not to stay in it.
  if (address) history.replaceState(history.state, "", address)
}
