// The browser's side of views/browser/components.py. Six components: `plot` draws a plotly figure,
// `paper` shows markup made by the server, `screen` tells how wide the window is, `goto` follows
// an address that the server chose, `handout` fetches a file that was made for this page,
// `lookup` finds places and pages. That of scenes, in scene.js, is made of the same parts.
// Data come as bytes of UTF-8. Each keeps its state by the element it is mounted in.

const decoder = new TextDecoder()

// Going somewhere inside the program: one new entry in the history, then what Back and Forward
// do, which is to show what the address says. No script runs in between. A page that is one scene
// takes a step within itself instead; `choice` names the widget that the address was chosen in, and
// is null where the address is no step. With `same` it is the same place still: the entry that is
// there is written anew.
let step = null

export function stepping(by) {
  step = by
}

export function go(href, choice = "", same = false) {
  for (const open of document.querySelectorAll(".menu details[open]")) open.open = false
  if (choice !== null && step?.(href, choice)) return
  const from = location.pathname
  if (same) history.replaceState(null, "", href)
  else history.pushState(null, "", href)
  if (location.pathname !== from) document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0)
  dispatchEvent(new PopStateEvent("popstate"))
}

function inside(href) {
  return typeof href === "string" && /^\/(?![/\\])/.test(href)
}

function remembered(store, parent, open) {
  if (!store.has(parent)) store.set(parent, open(parent))
  return store.get(parent)
}

// plot: one Plotly instance as long as the place on the page lives.

const CONFIG = { displayModeBar: false, scrollZoom: false, doubleClick: false, showTips: false }
const plots = new WeakMap()
let library

function loadPlotly(url) {
  library ??= new Promise((done, fail) => {
    const script = document.createElement("script")
    script.src = url
    script.onload = () => done(window.Plotly)
    script.onerror = () => {
      library = undefined // the next draw tries again
      script.remove()
      fail(new Error(`${url} did not load`))
    }
    document.head.append(script)
  })
  return library
}

function target(event) {
  const data = event.points?.[0]?.customdata
  const href = Array.isArray(data) ? data[0] : data
  return inside(href) ? href : null
}

export function openFigure() {
  const box = document.createElement("div")
  box.className = "taizhang-plot"
  box.style.width = "100%"
  box.setAttribute("role", "img")
  const state = { box, text: "", width: 0, draws: 0, ready: Promise.resolve() }
  state.watch = new ResizeObserver(([entry]) => {
    const width = Math.round(entry.contentRect.width)
    if (!width || width === state.width) return
    state.width = width
    requestAnimationFrame(() => box.isConnected && window.Plotly.Plots.resize(box))
  })
  state.close = () => {
    state.watch.disconnect()
    window.Plotly?.purge(box)
    box.remove()
  }
  return state
}

function openPlot(parent) {
  const state = openFigure()
  const { close } = state
  parent.append(state.box)
  state.close = () => {
    close()
    plots.delete(parent)
  }
  return state
}

// Paper is narrower than the screen that a figure was drawn for: it is printed smaller, not cut.
// What is closed is not printed, but the concerns of a household's file are; the room of a figure
// follows its size on paper.
let opened = []
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll('[class*="st-key-concern_"] > .stExpander > details:not([open])')]
  for (const one of opened) one.open = true
  for (const one of document.querySelectorAll('[data-testid="stExpander"]'))
    one.classList.toggle("unprinted", !one.querySelector("details[open]"))
  for (const plot of document.querySelectorAll(".taizhang-plot"))
    for (let up = plot.parentElement; up && !up.matches(".stVerticalBlock"); up = up.parentElement)
      up.classList.add("printed-plot")
  for (const svg of document.querySelectorAll(".taizhang-plot .main-svg"))
    svg.setAttribute("viewBox", `0 0 ${svg.getAttribute("width")} ${svg.getAttribute("height")}`)
})
addEventListener("afterprint", () => {
  for (const one of opened) one.open = false
  opened = []
  for (const svg of document.querySelectorAll(".taizhang-plot .main-svg")) svg.removeAttribute("viewBox")
})

async function draw(state, text, url) {
  const Plotly = await loadPlotly(url)
  const { box } = state
  if (state.text !== text || !box.isConnected) return // a newer figure is on its way
  const { figure, alt } = JSON.parse(text)
  box.setAttribute("aria-label", alt)
  await Plotly.react(box, figure.data, figure.layout, CONFIG)
  if (!state.draws) {
    box.on("plotly_click", event => target(event) && go(target(event)))
    box.on("plotly_hover", event => box.classList.toggle("can-go", target(event) !== null))
    box.on("plotly_unhover", () => box.classList.remove("can-go"))
    state.width = Math.round(box.clientWidth)
    state.watch.observe(box)
  }
  box.dataset.painted = ++state.draws
}

export function drawFigure(state, text, url) {
  if (text === state.text) return
  state.text = text
  // The room is kept from the start, so that nothing jumps when the figure comes.
  state.box.style.height = `${JSON.parse(text).height}px`
  state.ready = state.ready.then(() => draw(state, text, url)).catch(console.error)
}

export function plot({ data, parentElement }, url) {
  const state = remembered(plots, parentElement, openPlot)
  drawFigure(state, decoder.decode(data), url)
  return state.close
}

// paper: markup put in whole, and only when it changed.

const papers = new WeakMap()
const roots = new WeakMap()
let styles

export function loadStyles(url) {
  if (document.querySelector(`link[rel=stylesheet][href="${url}"]`)) return Promise.resolve()
  styles ??= new Promise(done => {
    const link = document.createElement("link")
    link.rel = "stylesheet"
    link.href = url
    link.onload = link.onerror = done // unstyled is better than missing
    document.head.append(link)
  })
  return styles
}

// Copying works over plain http too, where browsers keep their clipboard from scripts.
function copy(button) {
  const area = document.createElement("textarea")
  area.value = button.dataset.copy
  area.readOnly = true
  area.style.cssText = "position: fixed; opacity: 0"
  button.parentElement.append(area) // outside it a popover would lose its focus, and close
  area.select()
  const done = document.execCommand("copy")
  area.remove()
  button.focus()
  if (!done) return
  button.dataset.name ??= button.textContent
  button.textContent = button.dataset.done
  setTimeout(() => (button.textContent = button.dataset.name), 2000)
}

// What a click and a choice do in markup that the server made.
export function listen(root) {
  root.addEventListener("change", event => {
    const href = event.target.matches("[data-choice]") && event.target.value
    if (inside(href)) go(href, event.target.matches("[data-whole]") ? null : event.target.dataset.choice)
  })
  // A plain left click on <a data-go> stays in the program; any other click is the browser's.
  root.addEventListener("click", event => {
    const button = event.target.closest("button[data-copy]")
    if (button) return copy(button)
    const link = event.target.closest("a[data-go]")
    const href = link?.getAttribute("href")
    if (!inside(href) || event.defaultPrevented || event.button) return
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    if (href !== location.pathname + location.search) go(href, "", "same" in link.dataset)
  })
  // A box that is ticked by a link is ticked by the space bar too, as any box; the arrows go from
  // one to the next.
  root.addEventListener("keydown", event => {
    const box = event.target.closest("a[role=checkbox]")
    if (!box) return
    if (event.key === " ") box.click()
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const boxes = [...root.querySelectorAll("a[role=checkbox]")]
      boxes[boxes.indexOf(box) + (event.key === "ArrowDown" ? 1 : -1)]?.focus()
    } else return
    event.preventDefault()
  })
}

function openPaper(parent) {
  const root = document.createElement("div")
  root.className = "paper"
  parent.append(root)
  listen(root)
  const close = () => {
    root.remove()
    papers.delete(parent)
  }
  const state = { root, given: null, html: null, close }
  roots.set(root, state)
  return state
}

// Markup of a scene in the place of a paper that stands outside it.
export function lay(key, html, become, made) {
  const root = document.querySelector(`.st-key-${key} .paper`)
  const state = roots.get(root)
  if (!state || state.html === null || state.html === html) return
  state.html = html
  become(root.firstElementChild, made(html))
}

function put({ root }, html) {
  const focused = root.contains(document.activeElement) && document.activeElement
  const href = focused && focused.getAttribute("href")
  const id = focused && focused.id
  root.innerHTML = html
  if (id && document.getElementById(id)) document.getElementById(id).focus({ preventScroll: true })
  else if (href) root.querySelector(`a[href="${CSS.escape(href)}"]`)?.focus({ preventScroll: true })
  root.dataset.painted = Number(root.dataset.painted ?? 0) + 1
}

export function paper({ data, parentElement }, url) {
  const state = remembered(papers, parentElement, openPaper)
  const html = decoder.decode(data)
  // The same again is no news, even where a scene has laid other markup here since.
  if (html !== state.given && html !== state.html) {
    state.html = html
    loadStyles(url).then(() => state.html === html && put(state, html))
  }
  state.given = html
  return state.close
}

// screen: which of the sizes that figures are drawn for this window is. Data are the size that the
// server believes; it is told only when that is not so.

let tell = () => {}
addEventListener("resize", () => tell())

export function screen({ data, setStateValue }) {
  const believed = decoder.decode(data)
  tell = () => {
    const size = taizhang.size()
    taizhang.remember()
    if (size !== believed) setStateValue("size", size)
  }
  tell()
}

// goto: data is "<number> <address>"; a number is followed once.

let followed = ""

export function goto({ data }) {
  const [number, href] = decoder.decode(data).split(" ")
  if (number === followed || !inside(href)) return
  followed = number
  go(href)
}

// handout: data is the address of a file, which is there for one fetch.

const handed = new Set()

export function handout({ data }) {
  const href = decoder.decode(data)
  if (handed.has(href) || !inside(href)) return
  handed.add(href)
  const link = document.createElement("a")
  link.href = href
  link.download = "" // its name comes with it
  document.body.append(link)
  link.click()
  link.remove()
}

// lookup: the search box. Ctrl+K opens it, what is typed is asked of the server once typing rests,
// arrows choose, Enter goes there as a click on a link would.

const RESTS = 120 // ms without a key before the server is asked

let searching

function element(tag, name, text) {
  const made = document.createElement(tag)
  if (name) made.className = name
  if (text) made.textContent = text
  return made
}

function buildLookup() {
  const dialog = element("dialog", "paper taizhang-lookup")
  const input = element("input")
  const lines = element("ul")
  const said = element("p", "sub")
  Object.assign(input, { type: "text", autocomplete: "off", spellcheck: false, maxLength: 40 })
  lines.id = "taizhang-lookup-list"
  lines.setAttribute("role", "listbox")
  said.setAttribute("role", "status")
  const about = { role: "combobox", "aria-expanded": "true", "aria-controls": lines.id, "aria-autocomplete": "list" }
  for (const [name, value] of Object.entries(about)) input.setAttribute(name, value)
  dialog.append(input, lines, said)
  document.body.append(dialog)
  const made = { dialog, input, lines, said, timer: 0, asked: 0, at: 0 }
  input.addEventListener("input", () => {
    clearTimeout(made.timer)
    made.timer = setTimeout(() => askFor(made), RESTS)
  })
  input.addEventListener("keydown", event => typed(made, event))
  dialog.addEventListener("click", event => event.target === dialog && dialog.close())
  lines.addEventListener("click", event => {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
    const link = event.target.closest("a")
    if (!link) return
    event.preventDefault()
    leave(made, link.getAttribute("href"))
  })
  return made
}

async function askFor(box) {
  const text = box.input.value
  const number = ++box.asked
  if (!text.trim()) return list(box, [], box.words.hint)
  let found
  try {
    const answer = await fetch(box.route, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ text, path: location.pathname, query: location.search }),
    })
    if (number !== box.asked) return // something else was typed meanwhile
    if (!answer.ok) return list(box, [], (answer.status === 429 && (await answer.text())) || box.words.failed)
    found = await answer.json()
  } catch {
    if (number === box.asked) list(box, [], box.words.failed)
    return
  }
  if (number === box.asked) list(box, found, found.length ? "" : box.words.none)
}

function list(box, found, words) {
  box.said.textContent = words
  box.lines.textContent = ""
  box.lines.append(
    ...found.map(({ kind, label, note, href }, n) => {
      const line = element("li")
      const link = element("a")
      link.href = href
      link.id = `taizhang-lookup-${n}`
      link.tabIndex = -1
      link.setAttribute("role", "option")
      line.setAttribute("role", "presentation")
      link.append(element("b", "", label), element("span", "sub", note), element("span", "kind", kind))
      line.append(link)
      return line
    }),
  )
  choose(box, 0)
}

function choose(box, at) {
  const links = [...box.lines.querySelectorAll("a")]
  box.at = links.length ? (at + links.length) % links.length : 0
  links.forEach((link, n) => link.setAttribute("aria-selected", String(n === box.at)))
  const chosen = links[box.at]
  if (chosen) box.input.setAttribute("aria-activedescendant", chosen.id)
  else box.input.removeAttribute("aria-activedescendant")
  chosen?.scrollIntoView({ block: "nearest" })
}

function typed(box, event) {
  if (event.isComposing) return // Enter chooses a word of the input method
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (step) choose(box, box.at + step)
  else if (event.key === "Enter") leave(box, box.lines.querySelectorAll("a")[box.at]?.getAttribute("href"))
  else return
  event.preventDefault()
}

function leave(box, href) {
  if (!href) return
  box.dialog.close()
  if (href !== location.pathname + location.search) go(href)
}

function openLookup() {
  if (searching.dialog.open) return searching.input.select()
  searching.input.value = ""
  list(searching, [], searching.words.hint)
  searching.dialog.showModal()
}

addEventListener("click", event => searching && event.target.closest("[data-lookup]") && openLookup())
addEventListener(
  "keydown",
  event => {
    if (!searching || event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return
    if (event.altKey || event.shiftKey) return
    event.preventDefault() // browsers put their own search there
    event.stopPropagation()
    openLookup()
  },
  true,
)

export function lookup({ data }) {
  searching ??= buildLookup()
  const { route, words } = JSON.parse(decoder.decode(data))
  Object.assign(searching, { route, words })
  searching.input.setAttribute("aria-label", words.label)
  searching.input.placeholder = words.label
}
