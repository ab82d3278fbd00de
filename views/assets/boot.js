// Runs in the page's head before anything else, in plain ES5: it must run where nothing else does.
// It tells the server how wide the window is before the first run, keeps the page out of sight
// until its parts have their places, and says so where the browser is too old for it.

window.taizhang = (function () {
  var root = document.documentElement
  var PHONE = 640
  var WALL = 1700
  var STEADY = 4 // looks at the page, each of the same height, before it is shown
  var EACH = 40 // ms between two looks
  var UNSEEN = // parts that draw nothing
    ".st-key-screen, .st-key-goto, .st-key-surroundings, .st-key-lookup, [class*='st-key-scene_ahead']"
  var REST = 800 // ms without a step after which a viewer rests
  var LONGEST = 10000 // ms after the run ended; what has not come by then will move what is there

  // A page that a meeting shows stands in a frame of this name: nothing of the frame around pages.
  var SLIDE = window.name === "taizhang-present"

  // Which of the sizes that figures are drawn for this window is.
  function size() {
    return SLIDE ? "slide" : window.innerWidth < PHONE ? "phone" : window.innerWidth < WALL ? "page" : "wall"
  }

  // The first run asks the cookie: to be told later would be to draw everything twice.
  function remember() {
    if (SLIDE) return // the window around it has another size
    document.cookie = "taizhang_screen=" + size() + "; path=/; SameSite=Lax"
  }

  // Maps are drawn by WebGL 2; where there is none the server draws them.
  function ask() {
    if (document.cookie.indexOf("taizhang_webgl=") >= 0) return
    var drawn = null
    try { drawn = document.createElement("canvas").getContext("webgl2") } catch (_) {}
    document.cookie = "taizhang_webgl=" + (drawn ? "drawn" : "none") + "; path=/; SameSite=Lax"
    var end = drawn && drawn.getExtension("WEBGL_lose_context")
    if (end) end.loseContext()
  }

  function all(selector, within) {
    return Array.prototype.slice.call((within || document).querySelectorAll(selector))
  }

  // Whether the run has ended, and not merely not begun.
  function over() {
    var app = document.querySelector('[data-testid="stApp"]')
    var state = app && app.getAttribute("data-test-script-state")
    return state === "notRunning" && document.querySelector('[data-testid="stMain"] .stElementContainer')
  }

  // Whether each part of a run that has ended stands with its full height.
  function complete() {
    var main = document.querySelector('[data-testid="stMain"]')
    if (main.querySelector('[data-testid="stSkeleton"]')) return false
    return all(".stBidiComponent", main).every(function (part) {
      return part.querySelector(".paper[data-painted], .taizhang-plot") || part.closest(UNSEEN)
    })
  }

  function show() {
    root.classList.remove("arriving")
  }

  function wait() {
    var ended = 0
    var steady = 0
    var before = -1
    function look() {
      var block = document.querySelector(".stMainBlockContainer")
      var height = block ? block.offsetHeight : 0
      ended = over() ? ended || Date.now() : 0
      steady = ended && complete() && height === before ? steady + 1 : 0
      before = height
      if (steady >= STEADY || (ended && Date.now() - ended > LONGEST)) show()
      else setTimeout(look, EACH)
    }
    root.classList.add("arriving")
    look()
  }

  // What Chrome 94 to 119 lack of what the framework calls. Syntax cannot be lent.
  function lend(to, name, made) {
    if (to && !to[name]) Object.defineProperty(to, name, { value: made, writable: true, configurable: true })
  }

  function copied(value) {
    if (value === null || typeof value !== "object") return value
    if (Array.isArray(value)) return value.map(copied)
    if (value instanceof Date) return new Date(value.getTime())
    if (value instanceof ArrayBuffer) return value.slice(0)
    if (ArrayBuffer.isView(value)) return new value.constructor(value)
    var found
    if (value instanceof Map) {
      found = new Map()
      value.forEach(function (one, key) { found.set(copied(key), copied(one)) })
      return found
    }
    if (value instanceof Set) {
      found = new Set()
      value.forEach(function (one) { found.add(copied(one)) })
      return found
    }
    found = {}
    Object.keys(value).forEach(function (key) { found[key] = copied(value[key]) })
    return found
  }

  // A page that came over plain http from another machine has no clipboard of its own.
  function copy(text) {
    var mark = document.createElement("span")
    var chosen = window.getSelection()
    var range = document.createRange()
    mark.textContent = text
    mark.style.cssText = "position:fixed;top:0;left:0;white-space:pre;opacity:0;user-select:text"
    document.body.appendChild(mark)
    range.selectNodeContents(mark)
    chosen.removeAllRanges()
    chosen.addRange(range)
    // What is copied is the text alone, whatever else listens for a copy.
    function put(event) {
      event.stopImmediatePropagation()
      event.preventDefault()
      event.clipboardData.setData("text/plain", text)
    }
    document.addEventListener("copy", put, true)
    var done = document.execCommand("copy")
    document.removeEventListener("copy", put, true)
    chosen.removeAllRanges()
    document.body.removeChild(mark)
    return done ? Promise.resolve() : Promise.reject(new Error("the browser does not copy"))
  }

  function lendAll() {
    lend(navigator, "clipboard", { writeText: copy })
    lend(window, "structuredClone", copied)
    ;[Array.prototype, Object.getPrototypeOf(Uint8Array.prototype)].forEach(function (list) {
      lend(list, "toSorted", function (by) { return this.slice().sort(by) })
      lend(list, "toReversed", function () { return this.slice().reverse() })
      lend(list, "with", function (at, value) {
        var found = this.slice()
        found[at < 0 ? found.length + at : at] = value
        return found
      })
      lend(list, "findLastIndex", function (meets, self) {
        for (var i = this.length - 1; i >= 0; i--) if (meets.call(self, this[i], i, this)) return i
        return -1
      })
      lend(list, "findLast", function (meets, self) { return this[this.findLastIndex(meets, self)] })
    })
    lend(Array.prototype, "toSpliced", function () {
      var found = this.slice()
      found.splice.apply(found, arguments)
      return found
    })
    lend(Object, "groupBy", function (items, by) {
      var found = Object.create(null)
      Array.from(items).forEach(function (item, i) { (found[by(item, i)] = found[by(item, i)] || []).push(item) })
      return found
    })
    lend(Promise, "withResolvers", function () {
      var found = {}
      found.promise = new Promise(function (resolve, reject) {
        found.resolve = resolve
        found.reject = reject
      })
      return found
    })
    lend(URL, "canParse", function (text, base) {
      try { return Boolean(new URL(text, base)) } catch (_) { return false }
    })
    lend(window.AbortSignal, "timeout", function (ms) {
      var control = new AbortController()
      setTimeout(function () { control.abort() }, ms)
      return control.signal
    })
    lend(Element.prototype, "checkVisibility", function () { return this.getClientRects().length > 0 })
  }

  if (SLIDE) root.classList.add("presented")
  remember()
  ask()
  if (window.taizhangModern) {
    lendAll()
    wait()
  } else {
    root.className += " too-old"
  }
  return { size: size, remember: remember, complete: complete, rest: REST }
})()
