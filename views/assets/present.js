// Shows a meeting's views one after the other over the whole window. Each view is a page of the
// program in a frame of its own, loaded before it is asked for and kept painted under the one in
// sight: a key only lifts another frame up. Data: JSON of slides, words, and where it begins.

const decoder = new TextDecoder()
const KEPT = 5 // frames: the one in sight, two after it, two before it
const HEIGHT = 720 // pixels of a page that fill the height of a wall
const SMALLEST = 24 / 16 // of a page's smallest words, 16 pixels high, to be 24; less on a phone alone
const PHONE = 640
const EDITABLE = "input, textarea, select, [contenteditable], [role=slider], [role=combobox], [role=listbox], [role=radiogroup]"
const AFTER = 400 // ms after a switch that nothing else is begun: it is to be painted first
const WORD_MS = 700 // between two digits of one number

let shown = null

function element(tag, cls, text) {
  const made = document.createElement(tag)
  if (cls) made.className = cls
  if (text) made.textContent = text
  return made
}

function fill(parent, children) {
  parent.textContent = ""
  parent.append(...children)
}

function button(words, act, cls) {
  const made = element("button", cls, words)
  made.type = "button"
  made.addEventListener("click", act)
  return made
}

// The page in a frame follows an address as it follows Back and Forward.
function lead(frame, href) {
  const inside = frame.contentWindow
  if (!inside || inside.location.pathname + inside.location.search === href) return
  inside.history.pushState(null, "", href)
  inside.dispatchEvent(new inside.PopStateEvent("popstate"))
}

function ready(frame) {
  const inside = frame.contentDocument
  const main = inside?.querySelector('[data-testid="stMain"] .stElementContainer')
  return Boolean(main) && !inside.documentElement.classList.contains("arriving")
}

class Show {
  constructor(told, send) {
    this.frames = new Map()
    this.at = told.at
    this.digits = ""
    this.root = element("div", "presenting paper")
    this.root.tabIndex = -1
    this.root.setAttribute("role", "dialog")
    this.stage = element("div", "slides")
    this.text = element("div", "text-slide")
    this.stage.append(this.text)
    this.head = element("header")
    this.dark = element("div", "dark")
    this.dark.hidden = true
    this.code = element("div", "large-code")
    this.code.hidden = true
    this.form = this.decisionForm()
    this.root.append(this.head, this.stage, this.code, this.form, this.dark)
    document.body.append(this.root)
    document.documentElement.classList.add("is-presenting")
    this.onKey = event => this.key(event)
    this.onSize = () => this.fit()
    addEventListener("keydown", this.onKey, true)
    addEventListener("resize", this.onSize)
    this.tell(told, send)
    this.root.focus()
  }

  // A run of the page after a decision: words are new, the frames stay as they are.
  tell(told, send) {
    const { form } = this
    this.told = told
    this.send = send
    this.root.setAttribute("aria-label", told.title)
    const names = { text: "decide_text", unit: "decide_unit", due: "decide_due" }
    for (const [name, key] of Object.entries(names))
      form.elements[name].parentElement.firstChild.textContent = told.words[key]
    const units = told.units.map(unit => Object.assign(document.createElement("option"), { value: unit }))
    fill(form.querySelector("datalist"), units)
    form.elements.save.textContent = told.words.decide_save
    form.elements.cancel.textContent = told.words.cancel
    form.querySelector(".refused").textContent = told.refused
    form.hidden = form.hidden || !told.refused
    this.go(Math.min(this.at, told.slides.length - 1))
  }

  decisionForm() {
    const form = element("form", "decision")
    form.hidden = true
    const field = (name, tag, more) => {
      const label = element("label")
      label.append("", Object.assign(document.createElement(tag), { name, ...more }))
      return label
    }
    const units = element("datalist")
    units.id = "presenting-units"
    const unit = field("unit", "input", { maxLength: 100, autocomplete: "off" })
    unit.lastChild.setAttribute("list", units.id)
    const save = element("button")
    save.name = "save"
    const cancel = element("button")
    Object.assign(cancel, { name: "cancel", type: "button" })
    cancel.addEventListener("click", () => this.decide(false))
    form.append(field("text", "textarea", { rows: 3, maxLength: 500, required: true }), unit,
      field("due", "input", { type: "date" }), units, element("p", "refused"), save, cancel)
    form.addEventListener("submit", event => {
      event.preventDefault()
      const { text, unit, due } = form.elements
      const decided = { text: text.value, unit: unit.value, due: due.value }
      this.send({ ...decided, item: this.told.slides[this.at].item, number: Date.now() })
      this.decide(false)
      form.reset()
    })
    return form
  }

  decide(open) {
    this.form.hidden = !open
    if (open) this.form.elements.text.focus()
    else this.root.focus()
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    const typing = event.target.closest?.(EDITABLE)
    if (event.key === "Escape" && !this.form.hidden) return this.decide(false)
    if (typing || !this.form.hidden) return
    const act = this.acts(event)
    if (!act) return
    event.preventDefault()
    event.stopPropagation()
    if (!this.dark.hidden && act !== this.blank) return this.blank()
    act.call(this, event)
  }

  acts({ key, target }) {
    if (/^\d$/.test(key)) return event => this.digit(event.key)
    if ((key === "Enter" || key === " ") && target.closest?.("button, a, summary, [role=button], [tabindex='0']")) return null
    return {
      ArrowRight: this.next, PageDown: this.next, " ": this.next, Enter: this.next,
      ArrowLeft: this.back, PageUp: this.back,
      ArrowDown: () => this.scroll(1), ArrowUp: () => this.scroll(-1),
      Home: () => this.go(0), End: () => this.go(this.told.slides.length - 1),
      Backspace: this.again, Escape: this.again,
      b: this.blank, B: this.blank, ".": this.blank,
      f: this.full, F: this.full, q: this.large, Q: this.large,
      d: () => this.decide(true), D: () => this.decide(true),
    }[key]
  }

  next() { this.go(this.at + 1) }
  back() { this.go(this.at - 1) }

  // Digits close after one another are one number.
  digit(one) {
    clearTimeout(this.typed)
    this.digits += one
    this.go(Number(this.digits))
    this.typed = setTimeout(() => (this.digits = ""), WORD_MS)
  }

  // From wherever somebody went in it, back to the view of this item.
  again() {
    const frame = this.frames.get(this.at)
    this.code.hidden = true
    if (frame) lead(frame, this.told.slides[this.at].href)
  }

  blank() { this.dark.hidden = !this.dark.hidden }

  full() {
    if (document.fullscreenElement) document.exitFullscreen()
    else document.documentElement.requestFullscreen?.().catch(() => {})
  }

  large() {
    const { code } = this.told.slides[this.at]
    this.code.innerHTML = code || ""
    this.code.hidden = !code || !this.code.hidden
  }

  scroll(way) {
    const frame = this.frames.get(this.at)
    const main = frame ? frame.contentDocument?.querySelector('[data-testid="stMain"]') : this.text
    main?.scrollBy({ top: way * main.clientHeight * 0.7 })
  }

  go(at) {
    const { slides } = this.told
    if (at < 0 || at >= slides.length) return
    const began = performance.now()
    const left = this.at
    this.at = at
    const slide = slides[at]
    this.write(slide)
    if (slide.href) this.frame(at)
    for (const [place, frame] of this.frames) {
      frame.classList.toggle("shown", place === at)
      frame.inert = place !== at
    }
    this.text.hidden = Boolean(slide.href)
    if (!slide.href) this.text.innerHTML = slide.html
    this.code.hidden = true
    // Two frames on, what the first painted is on the screen.
    requestAnimationFrame(() => requestAnimationFrame(() => {
      this.root.dataset.switched = `${at} ${(performance.now() - began).toFixed(1)}`
    }))
    if (document.activeElement?.tagName === "IFRAME") this.root.focus()
    const url = new URL(location.href)
    url.searchParams.set("item", at)
    history.replaceState(history.state, "", url)
    if (left !== at && this.frames.has(left)) setTimeout(() => this.return(left), 2 * AFTER)
    clearTimeout(this.preparing)
    this.preparing = setTimeout(() => this.prepare(), AFTER)
  }

  // A view that somebody left from within is itself again when it is shown next.
  return(place) {
    const frame = this.frames.get(place)
    if (frame && place !== this.at) lead(frame, this.told.slides[place].href)
  }

  write(slide) {
    const { words, slides } = this.told
    const words_ = element("div", "words")
    words_.append(element("h1", "", slide.title))
    if (slide.question) words_.append(element("p", "question", slide.question))
    const numbers = element("div", "numbers")
    numbers.innerHTML = slide.numbers || ""
    const code = element("div", "code")
    code.innerHTML = slide.code || ""
    const ways = element("nav")
    const count = element("span", "count", `${this.at}/${slides.length - 1}`)
    ways.append(button("‹", () => this.back()), count, button("›", () => this.next()),
      button(words.decide, () => this.decide(true)), button(words.full, () => this.full()),
      button(words.leave, () => this.send({ leave: Date.now() })))
    ways.children[0].setAttribute("aria-label", words.back)
    ways.children[2].setAttribute("aria-label", words.next)
    ways.append(element("p", "about", this.told.about))
    fill(this.head, [words_, numbers, ways, code])
  }

  frame(at) {
    if (this.frames.has(at)) return this.frames.get(at)
    const frame = element("iframe")
    frame.name = "taizhang-present" // says to the page in it how it is shown (boot.js)
    frame.title = this.told.slides[at].title
    frame.inert = at !== this.at
    frame.classList.toggle("shown", at === this.at)
    frame.addEventListener("load", () => frame.contentWindow.addEventListener("keydown", this.onKey, true))
    frame.src = this.told.slides[at].href
    this.frames.set(at, frame)
    this.stage.append(frame)
    this.fit()
    return frame
  }

  // What may be asked for next is loaded one after the other, the nearest first; what is far goes.
  prepare() {
    clearTimeout(this.preparing)
    const near = [0, 1, -1, 2, -2].map(step => this.at + step).slice(0, KEPT)
    for (const [place, frame] of this.frames)
      if (!near.includes(place)) {
        frame.remove()
        this.frames.delete(place)
      }
    const wanted = near.filter(place => this.told.slides[place]?.href)
    const waiting = [...this.frames.values()].some(frame => !ready(frame))
    const missing = wanted.find(place => !this.frames.has(place))
    this.root.dataset.ready = wanted.filter(place => this.frames.has(place) && ready(this.frames.get(place))).join(" ")
    if (missing !== undefined && !waiting) this.frame(missing)
    if (missing !== undefined || waiting) this.preparing = setTimeout(() => this.prepare(), 150)
  }

  // Pages are as high as a screen of 720 pixels and made larger, the same on every wall; in a lower
  // window less of one is seen, its words no smaller.
  fit() {
    const wall = innerHeight / HEIGHT
    const scale = innerWidth < PHONE ? wall : Math.max(wall, SMALLEST)
    this.root.style.setProperty("--wall", scale)
    const { clientWidth, clientHeight } = this.stage
    for (const frame of this.frames.values()) {
      frame.style.width = `${clientWidth / scale}px`
      frame.style.height = `${clientHeight / scale}px`
      frame.style.transform = `scale(${scale})`
    }
  }

  close() {
    clearTimeout(this.preparing)
    removeEventListener("keydown", this.onKey, true)
    removeEventListener("resize", this.onSize)
    document.documentElement.classList.remove("is-presenting")
    this.root.remove()
    shown = null
  }
}

export function present({ data, setTriggerValue }) {
  const text = decoder.decode(data)
  const told = JSON.parse(text)
  const send = value => setTriggerValue("said", value)
  if (shown === null) shown = new Show(told, send)
  else if (shown.read !== text) shown.tell(told, send)
  else shown.send = send
  shown.read = text
  const mine = shown
  return () => mine === shown && mine.close()
}
