// A map of a scene: one deck of pydeck's own script as long as its place on the page lives. A further
// map in the same place is what of it differs: shapes that are there are not loaded again.

const STILL = 5 // pixels that a click may move
const NEARER = 0.75 // of a doubling, by one press of a button
let library

function loadDeck(url) {
  library ??= new Promise((done, fail) => {
    const script = document.createElement("script")
    script.src = url
    script.onload = () => done({ create: window.createDeck, update: window.updateDeck })
    script.onerror = () => {
      library = undefined // the next map tries again
      script.remove()
      fail(new Error(`${url} did not load`))
    }
    document.head.append(script)
  })
  return library
}

function element(tag, name) {
  const made = document.createElement(tag)
  made.className = name
  return made
}

// `ways` are what a map does with an address: `go` there, and hear which one is pointed at (`near`).
export function openMap(ways) {
  const box = element("div", "taizhang-map")
  const frame = element("div", "frame") // its name is the map's; the buttons are none of its parts
  frame.setAttribute("role", "img")
  const buttons = element("div", "nearness")
  box.append(frame, buttons)
  const state = { box, frame, ways, text: "", told: null, deck: null, draws: 0, down: null }
  for (const [sign, turn] of [["+", NEARER], ["−", -NEARER], ["⟲", 0]]) {
    const button = element("button")
    button.type = "button"
    button.textContent = sign
    button.addEventListener("click", () => nearer(state, turn))
    buttons.append(button)
  }
  frame.addEventListener("pointerdown", event => (state.down = event))
  frame.addEventListener("click", event => clicked(state, event))
  state.close = () => {
    state.deck?.finalize()
    state.deck = null
    box.remove()
  }
  return state
}

// Where a place opens; null for one that does not, and for none.
function opens({ told }, { object }) {
  const code = object?.code ?? object?.properties?.code
  if (!code) return null
  if (object.code) return told.point.replace("{code}", code)
  return told.known && !told.known.includes(code) ? null : told.region.replace("{code}", code)
}

function tooltip({ told }, { object }) {
  const about = object?.properties ?? object
  const text = about && [about.name, told.labels[about.i]].filter(Boolean).join("\n")
  return text ? { text } : null
}

// The deck's own click is one that is over within a quarter of a second, which a slow machine may
// need to see it.
function clicked(state, { clientX, clientY }) {
  const { deck, down, frame } = state
  if (!deck || Math.hypot(clientX - down.clientX, clientY - down.clientY) > STILL) return
  const { left, top } = frame.getBoundingClientRect()
  const href = opens(state, deck.pickObject({ x: clientX - left, y: clientY - top }) ?? {})
  if (href) state.ways.go(href)
}

function nearer({ deck, told }, turn) {
  if (!deck) return
  const [{ longitude, latitude, zoom }] = deck.getViewports()
  const now = { longitude, latitude, zoom: zoom + turn, bearing: 0, pitch: 0 }
  deck.setProps({ initialViewState: turn ? now : { ...told.deck.initialViewState } })
}

function start(state, { create }) {
  state.deck = create({
    container: state.frame,
    jsonInput: state.told.deck,
  })
  state.deck.setProps({
    getTooltip: info => tooltip(state, info),
    getCursor: ({ isDragging, isHovering }) => (isDragging ? "grabbing" : isHovering ? "pointer" : "grab"),
    onHover: info => state.ways.near(opens(state, info)),
  })
}

export function drawMap(state, text, url) {
  if (text === state.text) return
  state.text = text
  state.told = JSON.parse(text)
  const { height, alt, zoom } = state.told
  state.box.style.height = `${height}px`
  state.frame.setAttribute("aria-label", alt)
  ;[...state.box.querySelectorAll("button")].forEach((button, at) => (button.title = zoom[at]))
  const draw = ({ create, update }) => {
    if (state.text !== text || !state.box.isConnected) return // a newer map is on its way
    if (state.deck) update(state.told.deck, state.deck)
    else start(state, { create })
    state.box.dataset.painted = ++state.draws
  }
  if (state.deck) draw(state.script)
  else
    loadDeck(url)
      .then(script => draw((state.script = script)))
      .catch(console.error)
}
