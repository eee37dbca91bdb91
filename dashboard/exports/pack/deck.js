// Draws each chart when its slide is first seen, turns slides by keys, and makes everything ready for paper.
const figures = JSON.parse(document.getElementById("figures").textContent)
const slides = [...document.querySelectorAll("section")]
const CONFIG = { displayModeBar: false, responsive: true, scrollZoom: false, showTips: false }
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
  if (!keep) history.replaceState(null, "", `#${at + 1}`)
  if (document.body.classList.contains("one")) {
    draw(slides[at])
    window.scrollTo(0, 0)
  } else slides[at].scrollIntoView()
  for (const chart of slides[at].querySelectorAll("[data-drawn]")) Plotly.Plots.resize(chart)
}

function all() {
  const one = document.body.classList.toggle("one")
  if (one) return show(at)
  slides.forEach(draw)
  slides[at].scrollIntoView()
}

const KEYS = {
  ArrowRight: () => show(at + 1), PageDown: () => show(at + 1), " ": () => show(at + 1),
  ArrowLeft: () => show(at - 1), PageUp: () => show(at - 1),
  Home: () => show(0), End: () => show(slides.length - 1), Escape: all,
}
document.addEventListener("keydown", (event) => {
  const is_control = event.target.closest("summary, a, button") && [" ", "Enter"].includes(event.key)
  if (!KEYS[event.key] || event.ctrlKey || event.altKey || event.metaKey || is_control) return
  event.preventDefault()
  KEYS[event.key]()
})
document.getElementById("previous").onclick = () => show(at - 1)
document.getElementById("next").onclick = () => show(at + 1)
document.getElementById("all").onclick = all

// Paper has one width: charts are drawn anew for it, tables opened, and all is put back afterwards.
async function paper() {
  document.body.classList.add("paper")
  document.body.classList.remove("one")
  for (const details of document.querySelectorAll("details.table")) details.open = true
  await Promise.all(slides.map(draw))
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
