// The browser's side of views/components.py. Five components: `plot` draws a plotly figure,
// `paper` shows markup made by the server, `screen` tells how wide the window is, `goto` follows
// an address that the server chose, `handout` fetches a file that was made for this page.
// Data come as bytes of UTF-8. Each keeps its state by the element it is mounted in.

const decoder = new TextDecoder()

// Going somewhere inside the program: one new entry in the history, then what Back and Forward
// do, which is to show what the address says. No script runs in between.
function go(href) {
  const from = location.pathname
  history.pushState(null, "", href)
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

function openPlot(parent) {
  const box = document.createElement("div")
  box.className = "taizhang-plot"
  box.style.width = "100%"
  box.setAttribute("role", "img")
  parent.append(box)
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
    plots.delete(parent)
  }
  return state
}

// Paper is narrower than the screen that a figure was drawn for: it is printed smaller, not cut.
// What is closed is not printed; the room of a figure follows its size on paper.
addEventListener("beforeprint", () => {
  for (const one of document.querySelectorAll('[data-testid="stExpander"]'))
    one.classList.toggle("unprinted", !one.querySelector("details[open]"))
  for (const plot of document.querySelectorAll(".taizhang-plot"))
    for (let up = plot.parentElement; up && !up.matches(".stVerticalBlock"); up = up.parentElement)
      up.classList.add("printed-plot")
  for (const svg of document.querySelectorAll(".taizhang-plot .main-svg"))
    svg.setAttribute("viewBox", `0 0 ${svg.getAttribute("width")} ${svg.getAttribute("height")}`)
})
addEventListener("afterprint", () => {
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

export function plot({ data, parentElement }, url) {
  const state = remembered(plots, parentElement, openPlot)
  const text = decoder.decode(data)
  if (text !== state.text) {
    state.text = text
    // The room is kept from the start, so that nothing jumps when the figure comes.
    state.box.style.height = `${JSON.parse(text).height}px`
    state.ready = state.ready.then(() => draw(state, text, url)).catch(console.error)
  }
  return state.close
}

// paper: markup put in whole, and only when it changed.

const papers = new WeakMap()
let styles

function loadStyles(url) {
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

function openPaper(parent) {
  const root = document.createElement("div")
  root.className = "paper"
  parent.append(root)
  // A plain left click on <a data-go> stays in the program; any other click is the browser's.
  root.addEventListener("click", event => {
    const button = event.target.closest("button[data-copy]")
    if (button) return copy(button)
    const href = event.target.closest("a[data-go]")?.getAttribute("href")
    if (!inside(href) || event.defaultPrevented || event.button) return
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    if (href !== location.pathname + location.search) go(href)
  })
  const close = () => {
    root.remove()
    papers.delete(parent)
  }
  return { root, html: null, close }
}

function put({ root }, html) {
  const focused = root.contains(document.activeElement) && document.activeElement
  const href = focused && focused.getAttribute("href")
  root.innerHTML = html
  if (href) root.querySelector(`a[href="${CSS.escape(href)}"]`)?.focus({ preventScroll: true })
  root.dataset.painted = Number(root.dataset.painted ?? 0) + 1
}

export function paper({ data, parentElement }, url) {
  const state = remembered(papers, parentElement, openPaper)
  const html = decoder.decode(data)
  if (html !== state.html) {
    state.html = html
    loadStyles(url).then(() => state.html === html && put(state, html))
  }
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
