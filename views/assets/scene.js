// The browser's side of views/scenes: one component that draws a page's blocks and keeps them.
// `scene` takes messages (views/scenes/wire.py) and draws what of them differs from what stands.
// `ready` takes the same for views that were not asked for yet, and asks for them while the viewer
// rests. A step is a change of the address within the page: what is ready for it is drawn at once,
// and the server's answer is drawn over it.

const decoder = new TextDecoder()
const encoder = new TextEncoder()
const WINDOW = 32768
const WHOLE = "-"
const KEPT = 24 // scenes that are kept
const AT_ONCE = 4 // views that are asked for in one go
const PLAYING = 1000 // ms within which changes of one choice are one place in the history
const PATIENCE = 4000 // ms for the answer to a step
const UNSEEN = 10 // views that were asked for and did not come are not asked for again, so many

// Inflating with a dictionary, which browsers do not lend (RFC 1951).

const LENGTHS = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258]
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0]
const BACK = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577]
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

function codes(lengths) {
  const counts = new Uint16Array(16)
  const starts = new Uint16Array(16)
  const symbols = new Uint16Array(lengths.length)
  for (const length of lengths) counts[length]++
  counts[0] = 0
  for (let i = 1; i < 15; i++) starts[i + 1] = starts[i] + counts[i]
  lengths.forEach((length, symbol) => length && (symbols[starts[length]++] = symbol))
  return { counts, symbols }
}

const FIXED = [
  codes(Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8))),
  codes(new Array(30).fill(5)),
]

export function inflate(bytes, dictionary) {
  let out = new Uint8Array(dictionary.length + 65536)
  out.set(dictionary)
  let end = dictionary.length
  let at = 0
  let held = 0
  let bits = 0

  function take(count) {
    while (bits < count) {
      held |= bytes[at++] << bits
      bits += 8
    }
    const value = held & ((1 << count) - 1)
    held >>>= count
    bits -= count
    return value
  }

  function symbol({ counts, symbols }) {
    let code = 0
    let first = 0
    let index = 0
    for (let length = 1; length < 16; length++) {
      code |= take(1)
      const count = counts[length]
      if (code - first < count) return symbols[index + code - first]
      index += count
      first = (first + count) << 1
      code <<= 1
    }
    throw new Error("no such code")
  }

  function room(more) {
    if (end + more <= out.length) return
    const wider = new Uint8Array(2 * (end + more))
    wider.set(out)
    out = wider
  }

  function declared() {
    const literals = take(5) + 257
    const distances = take(5) + 1
    const given = new Array(19).fill(0)
    for (let i = take(4) + 4, n = 0; n < i; n++) given[ORDER[n]] = take(3)
    const how = codes(given)
    const lengths = []
    while (lengths.length < literals + distances) {
      const one = symbol(how)
      if (one < 16) lengths.push(one)
      else if (one === 16) lengths.push(...new Array(3 + take(2)).fill(lengths[lengths.length - 1]))
      else lengths.push(...new Array(one === 17 ? 3 + take(3) : 11 + take(7)).fill(0))
    }
    return [codes(lengths.slice(0, literals)), codes(lengths.slice(literals))]
  }

  for (let last = 0; !last; ) {
    last = take(1)
    const kind = take(2)
    if (kind === 0) {
      held = bits = 0
      const length = bytes[at] | (bytes[at + 1] << 8)
      room(length)
      out.set(bytes.subarray(at + 4, at + 4 + length), end)
      at += 4 + length
      end += length
      continue
    }
    const [literals, distances] = kind === 1 ? FIXED : declared()
    for (let one = symbol(literals); one !== 256; one = symbol(literals)) {
      room(258)
      if (one < 256) {
        out[end++] = one
        continue
      }
      const length = LENGTHS[one - 257] + take(LENGTH_BITS[one - 257])
      const far = symbol(distances)
      const distance = BACK[far] + take(far < 2 ? 0 : (far >> 1) - 1)
      for (let i = 0; i < length; i++, end++) out[end] = out[end - distance]
    }
  }
  return out.subarray(dictionary.length, end)
}

// Messages and the scenes that they tell.

const scenes = new Map() // by id
const ready = new Map() // the id of the scene of an address
let of = ""

function keep(scene) {
  scenes.delete(scene.id)
  scenes.set(scene.id, scene)
  for (const id of scenes.keys()) if (scenes.size > KEPT) scenes.delete(id)
}

// As if nothing had come yet, but for what is drawn.
export function forget() {
  scenes.clear()
  ready.clear()
}

// The scene of a message; null where it is told against one that is not here.
function understood(bytes) {
  const line = bytes.indexOf(10)
  const [id, base, rests, step, query] = decoder.decode(bytes.subarray(0, line)).split(" ")
  const before = scenes.get(base)
  if (base !== WHOLE && !before) return null
  if (rests !== of) {
    of = rests
    ready.clear()
  }
  const dictionary = before ? encoder.encode([...before.held.values()].join("")).slice(-WINDOW) : new Uint8Array()
  const told = inflate(bytes.subarray(line + 1), dictionary)
  const cut = told.indexOf(10)
  const [frame, blocks] = JSON.parse(decoder.decode(told.subarray(0, cut)))
  let at = cut + 1
  const held = new Map()
  const take = ([key, , size, inside]) => {
    held.set(key, size < 0 ? before.held.get(key) : decoder.decode(told.subarray(at, (at += size))))
    inside.forEach(take)
  }
  frame.forEach(take)
  blocks.forEach(take)
  const scene = { id, frame, blocks, held }
  keep(scene)
  ready.set(query, id)
  return { scene, step: Number(step) }
}

// Drawing: an element that is there is changed where it differs, so that what is focused, opened or
// scrolled stays so.

function made(markup) {
  const template = document.createElement("template")
  template.innerHTML = markup
  return template.content.firstElementChild
}

function become(old, now) {
  if (old.nodeType !== now.nodeType || old.nodeName !== now.nodeName) return old.replaceWith(now)
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.nodeValue !== now.nodeValue) old.nodeValue = now.nodeValue
    return
  }
  attributes(old, now)
  const from = [...old.childNodes]
  const to = [...now.childNodes]
  to.forEach((child, i) => (from[i] ? become(from[i], child) : old.append(child)))
  for (const child of from.slice(to.length)) child.remove()
  if (old.nodeName === "OPTION" && old.selected !== old.defaultSelected) old.selected = old.defaultSelected
}

const OURS = ["data-head", "data-told"] // of cards on a phone (surroundings.js)

function attributes(old, now) {
  for (const { name, value } of now.attributes)
    if (old.getAttribute(name) !== value) old.setAttribute(name, value)
  for (const { name } of [...old.attributes]) {
    const kept = (name === "open" && old.nodeName === "DETAILS") || OURS.includes(name)
    if (!kept && !now.hasAttribute(name)) old.removeAttribute(name)
  }
  if (old.nodeName === "INPUT" && old.checked !== now.hasAttribute("checked")) old.checked = now.hasAttribute("checked")
}

// One page at a time is drawn: its root, the blocks that stand in it, and how the server is told.
let live = null

function fill(parent, blocks, held, standing) {
  let place = parent.firstChild
  for (const [key, kind, , inside] of blocks) {
    let one = live.standing.get(key)
    if (one?.kind !== kind) one = { kind, data: null, element: null, figure: null }
    if (one.data !== held.get(key)) update(one, held.get(key))
    one.data = held.get(key)
    standing.set(key, one)
    if (one.element === place) place = place.nextSibling
    else parent.insertBefore(one.element, place)
    if (kind === "box") fill(one.element, inside, held, standing)
  }
  while (place) {
    const next = place.nextSibling
    place.remove()
    place = next
  }
}

function update(one, data) {
  if (one.kind === "plot") {
    one.figure ??= live.parts.openFigure()
    one.element = one.figure.box
    live.parts.drawFigure(one.figure, data, live.plotly)
  } else if (one.kind === "deck") {
    one.figure ??= live.parts.openMap({ go: live.parts.go, near: point })
    one.element = one.figure.box
    live.drawn.push(() => live.parts.drawMap(one.figure, data, live.deck))
  } else if (one.kind === "box") {
    const now = made(data)
    if (one.element?.nodeName === now.nodeName) attributes(one.element, now)
    else one.element = now
  } else {
    const now = made(data)
    if (one.element?.nodeName !== now.nodeName) one.element = now
    else become(one.element, now)
  }
}

function draw(scene) {
  if (!live || live.shown === scene.id) return
  live.shown = scene.id
  for (const [key, kind] of scene.frame) {
    if (kind === "title") document.title = scene.held.get(key)
    else live.parts.lay(key, scene.held.get(key), become, made)
  }
  const before = live.standing
  const standing = new Map()
  live.drawn = []
  fill(live.root, scene.blocks, scene.held, standing)
  for (const draws of live.drawn) draws() // a map is drawn where it stands
  for (const [key, one] of before) if (standing.get(key) !== one) one.figure?.close()
  live.standing = standing
  live.root.dataset.painted = Number(live.root.dataset.painted ?? 0) + 1
  requestAnimationFrame(reveal)
}

// Of a row of choices that is wider than the screen the one that is chosen is in sight.
function reveal() {
  for (const row of document.querySelectorAll(".segments")) {
    const chosen = row.querySelector("input:checked")?.parentElement
    if (chosen && row.scrollWidth > row.clientWidth)
      row.scrollLeft = chosen.offsetLeft - row.offsetLeft - (row.clientWidth - chosen.offsetWidth) / 2
  }
}

// Steps. The address changes at once; the server is told of it, not of a run of everything.

let number = 0 // of the last step
let answered = 0 // of the last that the server has shown
let last = { choice: "", at: 0 }

function step(query) {
  const known = scenes.get(ready.get(query))
  if (known) draw(known)
  live.tell("step", { number: ++number, query })
  rest()
}

// The framework writes the address that a run was asked for, as it hears of it. Where a further step
// was taken since, that is a place in the history that nobody is at.
const pushes = history.pushState.bind(history)
history.pushState = (state, unused, href) => {
  const here = href !== undefined && new URL(href, location.href).pathname === location.pathname
  if (!(live && here && answered < number)) pushes(state, unused, href)
}

// What came for a step that another followed is not drawn, unless that one's answer does not come.
function show(scene, step) {
  answered = step
  draw(scene)
}

// Whether an address was one of this page, and the step to it was made.
function follow(href, choice) {
  if (!live) return false
  const to = new URL(href, location.href)
  if (to.pathname !== location.pathname || to.hash) {
    live.path = "" // until the other page has come, Back is the framework's
    return false
  }
  const now = performance.now()
  const plays = choice && choice === last.choice && now - last.at < PLAYING
  last = { choice, at: now }
  if (plays) history.replaceState(null, "", href)
  else pushes(null, "", href)
  step(to.search.slice(1))
  return true
}

// Back and Forward within the page. What the page itself sends to the framework is no event of the
// browser's, and goes on to it.
addEventListener(
  "popstate",
  event => {
    if (!event.isTrusted || !live || location.pathname !== live.path || location.hash) return
    event.stopImmediatePropagation()
    step(location.search.slice(1))
  },
  true,
)

export async function scene(component, urls) {
  const [from, map, plotly, deck, style] = urls.split(" ")
  const [figures, maps] = await Promise.all([from, map].map(one => import(location.origin + one)))
  const parts = { ...figures, ...maps }
  await parts.loadStyles(style)
  const { data, parentElement, setTriggerValue } = component
  if (live?.parent !== parentElement) open(parentElement, parts, plotly, deck)
  live.tell = setTriggerValue
  const mine = live
  if (live.data !== data) {
    live.data = data
    live.path = location.pathname
    const before = of
    const told = understood(data)
    if (!told) live.tell("lost", true)
    else if (told.step >= number || of !== before) show(told.scene, told.step)
    if (told && told.step < number)
      setTimeout(() => live === mine && live.data === data && show(told.scene, number), PATIENCE)
    rest()
  }
  return () => {
    mine.root.remove()
    for (const { figure } of mine.standing.values()) figure?.close()
    if (live === mine) {
      live = null
      parts.stepping(null)
    }
  }
}

function open(parent, parts, plotly, deck) {
  const root = document.createElement("div")
  root.className = "paper scene"
  parts.listen(root)
  parent.append(root)
  parts.stepping(follow)
  const drawn = { standing: new Map(), shown: "", data: null }
  live = { parent, root, parts, plotly, deck, path: location.pathname, ...drawn }
}

// While the viewer rests: what is one step away is asked for, if it is not here.

let asks = null
let resting = 0
const missed = new Set()
let pointed = ""

function rest() {
  clearTimeout(resting)
  resting = setTimeout(ask, taizhang.rest)
}

function near() {
  const found = [pointed]
  for (const select of document.querySelectorAll(".choices select:not([data-whole])"))
    for (const way of [1, -1]) found.push(select.options[select.selectedIndex + way]?.value)
  for (const group of document.querySelectorAll(".choices [role=radiogroup]")) {
    const inputs = [...group.querySelectorAll("input")]
    const at = inputs.findIndex(input => input.checked)
    // Who is on the years may hold an arrow and let them play: all of them, the nearest first.
    const far = group.contains(document.activeElement) ? inputs.length : 1
    for (let away = 1; away <= far; away++)
      for (const way of [away, -away]) found.push(inputs[at + way]?.value)
  }
  return found.filter(Boolean).map(query)
}

// The query of an address of this page; nothing for one of another.
function query(href) {
  const to = new URL(href, location.href)
  return to.pathname === location.pathname && !to.hash ? to.search.slice(1) : null
}

function ask() {
  const app = document.querySelector("[data-test-script-state]")
  if (!live || !asks || document.hidden) return
  if (app?.dataset.testScriptState !== "notRunning") return rest()
  const wanted = near().filter(one => one !== null && !scenes.has(ready.get(one)) && !missed.has(one))
  const some = [...new Set(wanted)].slice(0, AT_ONCE)
  if (!some.length) return
  for (const one of some) missed.add(one)
  for (const one of missed) if (missed.size > UNSEEN) missed.delete(one)
  asks("wanted", some)
}

// What the pointer or the keyboard is on.
function point(href) {
  if (!live || !href || href === pointed || query(href) === null) return
  pointed = href
  rest()
}

for (const kind of ["pointerover", "focusin"])
  addEventListener(kind, event => {
    if (live && kind === "focusin" && event.target.closest?.(".choices [role=radiogroup]")) rest()
    point(event.target.closest?.("a[data-go]")?.getAttribute("href"))
  })

export function ready_ahead({ data, parentElement, setTriggerValue }) {
  // Of several only the first is always there.
  if (parentElement.closest(".st-key-scene_ahead_0")) asks = setTriggerValue
  if (!data?.length || seen.has(data)) return
  seen.add(data)
  understood(data)
  if (missed.size) rest()
}

const seen = new WeakSet()
