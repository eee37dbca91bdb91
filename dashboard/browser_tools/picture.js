// Saves a chart as it stands on the page, with its finding above and its notes and source below, on the page's ground.
const SVG = "http://www.w3.org/2000/svg"
const MARGIN = 24
const SCALE = 2 // dots a pixel
const TITLE = { size: 20, weight: 650, leading: 27, opacity: 1 }
const SUBTITLE = { size: 14, weight: 400, leading: 20, opacity: 0.85 }
const BELOW = { size: 12, weight: 400, leading: 18, opacity: 0.85 }

const make = (name, attributes, ...children) => {
  const element = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  element.append(...children)
  return element
}

// Breaks at spaces; a word that is longer than the line breaks anywhere.
function lines(text, style, font, width) {
  const pen = document.createElement("canvas").getContext("2d")
  pen.font = `${style.weight} ${style.size}px ${font}`
  const fits = (line) => pen.measureText(line).width <= width
  const found = []
  let line = ""
  for (const word of text.split(/\s+/)) {
    if (fits(line ? `${line} ${word}` : word)) {
      line = line ? `${line} ${word}` : word
      continue
    }
    if (line) found.push(line)
    line = ""
    for (const letter of word) {
      if (!fits(line + letter)) {
        found.push(line)
        line = ""
      }
      line += letter
    }
  }
  return [...found, line].filter(Boolean)
}

function compose(data) {
  const chart = document.querySelector(`.st-key-${CSS.escape(data.chart)} .js-plotly-plot`)
  const layers = [...chart.querySelectorAll("svg.main-svg")]
  const { width: inner, height } = layers[0].getBoundingClientRect()
  const page = getComputedStyle(document.querySelector('[data-testid="stApp"]'))
  const font = page.fontFamily
  const written = []
  let y = MARGIN
  const write = (text, style) => {
    for (const line of lines(text, style, font, inner)) {
      y += style.leading
      written.push(make("text", {
        x: MARGIN, y: y - style.leading / 4, "font-size": style.size, "font-weight": style.weight,
        fill: page.color, "fill-opacity": style.opacity,
      }, line))
    }
  }
  write(data.title, TITLE)
  y += 2
  write(data.subtitle, SUBTITLE)
  y += 8
  const drawn = layers.map((layer) => {
    const copy = layer.cloneNode(true)
    copy.querySelectorAll(".hoverlayer, .draglayer, .modebar").forEach((each) => each.replaceChildren())
    copy.removeAttribute("style")
    // lines keep their width on a page that zooms; in a picture they grow with it
    copy.querySelectorAll("*").forEach((each) => each.style.removeProperty("vector-effect"))
    for (const [name, value] of Object.entries({ x: MARGIN, y, width: inner, height })) copy.setAttribute(name, value)
    return copy
  })
  y += height + 4
  for (const text of data.below) write(text, BELOW)
  const size = { width: Math.ceil(inner + 2 * MARGIN), height: Math.ceil(y + MARGIN) }
  const whole = make("svg",
    { ...size, viewBox: `0 0 ${size.width} ${size.height}`, role: "img", "font-family": font },
    make("title", {}, data.title),
    make("desc", {}, [data.subtitle, ...data.below].join(" ")),
    make("rect", { ...size, fill: page.backgroundColor }),
    ...written,
    ...drawn,
  )
  // Plotly may name a part by the page's address, which the file does not have.
  const text = new XMLSerializer().serializeToString(whole)
    .replace(/url\((?:&quot;|')?[^#()]*#([^()'&]+)(?:&quot;|')?\)/g, "url(#$1)")
  return { text: `<?xml version="1.0" encoding="UTF-8"?>\n${text}`, ...size }
}

async function rasterise({ text, width, height }) {
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`
  await image.decode()
  const canvas = document.createElement("canvas")
  canvas.width = SCALE * width
  canvas.height = SCALE * height
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height)
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/png")
  })
}

function save(blob, name) {
  const link = document.createElement("a")
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click() // outside of the document, where no click closes the box that the button is in
  setTimeout(() => URL.revokeObjectURL(link.href), 60000)
}

export default function ({ parentElement, data }) {
  const status = parentElement.querySelector("[role=status]")
  for (const button of parentElement.querySelectorAll("button")) {
    const kind = button.dataset.as
    button.onclick = async () => {
      status.textContent = ""
      try {
        const picture = compose(data)
        const blob = kind === "png" ? await rasterise(picture) : new Blob([picture.text], { type: "image/svg+xml" })
        save(blob, `${data.file}.${kind}`)
        status.textContent = data.saved
      } catch (error) {
        console.error(error)
        status.textContent = data.failed
      }
    }
  }
}
