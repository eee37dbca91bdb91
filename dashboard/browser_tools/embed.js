// The address of one chart without the page around it, and the line that holds it in a frame on another site.
const MARKS = { "&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;" }

function escaped(text) {
  return text.replace(/[&"<>]/g, (mark) => MARKS[mark])
}

export default function ({ parentElement, data }) {
  const status = parentElement.querySelector("[role=status]")
  const texts = [...parentElement.querySelectorAll("textarea")]
  const fill = () => {
    const address = new URL(window.location.href)
    for (const name of data.left_out) address.searchParams.delete(name)
    address.searchParams.set("alone", data.chart)
    const frame = `<iframe src="${escaped(address.href)}" title="${escaped(data.title)}"`
    texts[0].value = address.href
    texts[1].value = `${frame} width="100%" height="${data.height}" loading="lazy" style="border:0"></iframe>`
  }
  fill()
  // Every choice stands in the address, which may have changed since this was drawn.
  parentElement.onpointerenter = fill
  parentElement.onfocusin = fill
  parentElement.querySelectorAll("button").forEach((button, place) => {
    button.onclick = async () => {
      fill()
      const copied = await copy(texts[place].value, button)
      status.textContent = copied ? data.copied : data.by_hand
      if (!copied) texts[place].select()
    }
  })
}
