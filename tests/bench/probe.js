// Put into every page before its own scripts: notes keys, what went over the websocket and when
// something was last drawn. The same for all programs, whatever draws in them: elements put in or
// taken out and text changed in the main block, attributes of SVG, and calls that draw on a canvas.
// Only numbers are noted, so that looking costs next to nothing.
(() => {
  const probe = { key: 0, sent: 0, received: 0, drawn: 0, painted: 0, bytes: 0, messages: 0 }
  window.taizhangProbe = probe

  let framed = false
  function drew() {
    probe.drawn = performance.now()
    if (framed) return
    framed = true
    requestAnimationFrame(() => {
      framed = false
      // A message posted in a frame is delivered once the frame is painted.
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => (probe.painted = performance.now())
      port2.postMessage(null)
    })
  }

  function shows({ target, type }) {
    const element = target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement
    if (!element?.closest('[data-testid="stMain"]')) return false
    return type !== "attributes" || element instanceof SVGElement
  }

  new MutationObserver(records => records.some(shows) && drew()).observe(document, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
  })

  function watch(prototype, names) {
    for (const name of names) {
      const original = prototype[name]
      prototype[name] = function (...given) {
        drew()
        return original.apply(this, given)
      }
    }
  }
  const draws = ["drawArrays", "drawElements"]
  watch(WebGLRenderingContext.prototype, draws)
  watch(WebGL2RenderingContext.prototype, [
    ...draws,
    "drawArraysInstanced",
    "drawElementsInstanced",
  ])
  watch(CanvasRenderingContext2D.prototype, ["fillText", "fillRect", "fill", "stroke", "drawImage"])

  const Native = window.WebSocket
  window.WebSocket = class extends Native {
    constructor(...given) {
      super(...given)
      this.addEventListener("message", ({ data }) => {
        probe.received = performance.now()
        probe.bytes += data.byteLength ?? data.size
        probe.messages += 1
      })
    }

    send(data) {
      probe.sent = performance.now()
      super.send(data)
    }
  }

  addEventListener("keydown", event => (probe.key = event.timeStamp), true)

  // Once what followed the last key is over: the script was run and answered, something was drawn,
  // and then nothing was sent, received or drawn for `quiet` ms. The numbers are of the events
  // themselves, without the quiet. Looks are counted, not time: while the page is too busy to look,
  // it is not quiet.
  const PAUSE = 25
  probe.settled = (quiet, patience) =>
    new Promise((done, fail) => {
      const begun = performance.now()
      let last = 0
      let still = 0
      const look = () => {
        const { key, sent, received, drawn, painted, bytes, messages } = probe
        const latest = Math.max(sent, received, drawn)
        const app = document.querySelector("[data-test-script-state]")
        const over = app?.dataset.testScriptState === "notRunning"
        // What was ready is drawn before the answer comes, which may then change nothing.
        const answered = sent > key && received > sent && drawn > key && painted > drawn
        still = over && answered && latest === last ? still + 1 : 0
        last = latest
        if (still * PAUSE >= quiet) {
          done({ key, sent, received, painted, bytes, messages })
        } else if (performance.now() - begun > patience) {
          fail(new Error(`not settled after ${patience} ms: ${JSON.stringify(probe)}`))
        } else {
          setTimeout(look, PAUSE)
        }
      }
      look()
    })
})()
