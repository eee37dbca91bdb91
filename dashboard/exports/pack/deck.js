// Draws each chart when its slide is first seen, turns slides by keys, presents them, and makes everything ready for paper.
const figures = JSON.parse(document.getElementById("figures").textContent)
const slides = [...document.querySelectorAll("section")]
const CONFIG = { displayModeBar: false, responsive: true, scrollZoom: false, showTips: false }
const NARROWEST = 920 // pixels of a chart before it is enlarged: below, its labels come in each other's way
const HEIGHT = 420 // pixels, of a chart that names none
const PAPER = 680 // pixels: 180 mm, the width between the margins of A4
let at = 0

function draw(slide) {
  const drawn = [...slide.querySelectorAll(".chart:not([data-drawn])")].map((chart) => {
    chart.dataset.drawn = "yes"
    const { data, layout } = figures[chart.id]
    return Plotly.newPlot(chart, data, layout, CONFIG)
  })
  return Promise.all(drawn)
}

function show(place, keep) {
  at = Math.max(0, Math.min(place, slides.length - 1))
  slides.forEach((slide, each) => slide.classList.toggle("shown", each === at))
  document.getElementById("place").textContent = `${at + 1} / ${slides.length}`
  // a page that stands in another one has no address to write to
  if (!keep && location.protocol !== "about:") history.replaceState(null, "", `#${at + 1}`)
  if (document.body.classList.contains("one")) {
    draw(slides[at]).then(fit)
    window.scrollTo(0, 0)
    slides[at].scrollTo(0, 0)
  } else {
    slides[at].scrollIntoView()
    fit()
  }
}

const is_presented = () => document.body.classList.contains("present")

// Lines stay legible in less height than they have on a page; rows of words, and charts made tall for their labels, do not.
const LEAST = 0.78
const is_pliable = ({ data, layout }) =>
  (layout.height ?? HEIGHT) <= 1.15 * HEIGHT && layout.yaxis?.visible !== false && !layout.yaxis2 &&
  data.every((trace) => trace.type === "scatter")

// Presented, a chart is drawn smaller than its place and enlarged to it, letters and all.
function enlarge(chart) {
  const figure = figures[chart.id]
  const stage = chart.parentElement
  stage.style.height = ""
  chart.style.height = "0" // the stage is what the texts leave
  const least = (figure.layout.height ?? HEIGHT) * (is_pliable(figure) ? LEAST : 1)
  const { clientWidth: width, clientHeight: room } = stage
  const scale = Math.max(1, Math.min(width / NARROWEST, room / least))
  const height = Math.max(room, least * scale)
  const size = { width: width / scale, height: height / scale }
  Object.assign(chart.style, { transform: `scale(${scale})`, width: `${size.width}px`, height: `${size.height}px` })
  stage.style.height = `${height}px`
  chart.dataset.enlarged = "yes"
  return Plotly.relayout(chart, size)
}

function as_it_was(chart) {
  if (!chart.dataset.enlarged) return
  const height = figures[chart.id].layout.height
  delete chart.dataset.enlarged
  Object.assign(chart.style, { transform: "", width: "", height: `${height ?? HEIGHT}px` })
  chart.parentElement.style.height = ""
  return Plotly.relayout(chart, { width: null, height: height ?? null, autosize: true })
}

function fit() {
  if (document.body.classList.contains("paper")) return
  const is_on = is_presented()
  for (const chart of document.querySelectorAll("[data-drawn]")) {
    const is_here = slides[at].contains(chart)
    if (is_on && is_here) enlarge(chart)
    else if (!is_on) as_it_was(chart)
    if (!is_on && is_here) Plotly.Plots.resize(chart)
  }
}

function present(on) {
  document.body.classList.toggle("present", on)
  document.body.classList.add("one")
  const is_full = document.fullscreenElement !== null
  // where a browser refuses, the slides take the room that they have
  if (on && !is_full) document.documentElement.requestFullscreen?.().catch(() => {})
  if (!on && is_full) document.exitFullscreen()
  show(at, true)
}
document.addEventListener("fullscreenchange", () => {
  if (is_presented() && !document.fullscreenElement) present(false)
})
window.addEventListener("resize", fit)

function all() {
  if (is_presented()) return present(false)
  const one = document.body.classList.toggle("one")
  if (one) return show(at)
  slides.forEach(draw)
  slides[at].scrollIntoView()
}

// Presented, a slide that is longer than the screen is a box without focus: no key of the browser's moves it.
const MOVES = { ArrowDown: 0.6, ArrowUp: -0.6 } // of the screen

const KEYS = {
  ArrowRight: () => show(at + 1), PageDown: () => show(at + 1), " ": () => show(at + 1),
  ArrowLeft: () => show(at - 1), PageUp: () => show(at - 1),
  Home: () => show(0), End: () => show(slides.length - 1), Escape: all,
  f: () => present(!is_presented()), n: () => { document.body.classList.toggle("quiet"); fit() },
}
document.addEventListener("keydown", (event) => {
  const is_control = event.target.closest("summary, a, button") && [" ", "Enter"].includes(event.key)
  const move = is_presented() && MOVES[event.key]
  const does = move
    ? () => slides[at].scrollBy({ top: move * window.innerHeight, behavior: "smooth" })
    : (KEYS[event.key] ?? KEYS[event.key.toLowerCase()])
  if (!does || event.ctrlKey || event.altKey || event.metaKey || is_control) return
  event.preventDefault()
  does()
})
document.getElementById("previous").onclick = () => show(at - 1)
document.getElementById("next").onclick = () => show(at + 1)
document.getElementById("all").onclick = all
document.getElementById("present").onclick = () => present(!is_presented())

// Paper has one width: charts are drawn anew for it, tables opened, and all is put back afterwards.
async function paper() {
  document.body.classList.add("paper")
  document.body.classList.remove("one", "present")
  for (const details of document.querySelectorAll("details.table")) details.open = true
  await Promise.all(slides.map(draw))
  await Promise.all([...document.querySelectorAll(".chart")].map(as_it_was))
  await Promise.all([...document.querySelectorAll(".chart")].map((chart) => Plotly.relayout(chart, { width: PAPER })))
}
window.paper = paper
window.addEventListener("beforeprint", paper)
window.addEventListener("afterprint", () => {
  document.body.classList.remove("paper")
  document.body.classList.add("one")
  for (const chart of document.querySelectorAll(".chart")) Plotly.relayout(chart, { width: null, autosize: true })
  show(at)
})

document.body.classList.add("one")
show((parseInt(location.hash.slice(1), 10) || 1) - 1, true)
