// Copies the address of the view. Every choice stands in it already; versions and what the page claims are added here.
const SHOWN_FOR = 4000 // milliseconds

export default function ({ parentElement, data }) {
  const button = parentElement.querySelector("button")
  const label = button.querySelector("span")
  const status = parentElement.querySelector("[role=status]")
  const input = parentElement.querySelector("input")
  label.textContent = data.label // a script that begins anew may find the word of success there
  let timer
  button.onclick = async () => {
    const address = new URL(window.location.href)
    for (const [name, text] of Object.entries(data.carried)) address.searchParams.set(name, text)
    const copied = await copy(address.href, button)
    status.textContent = copied ? data.copied : data.by_hand
    status.className = copied ? "spoken" : ""
    input.hidden = copied
    if (copied) {
      // The button says it to the eye, without moving its neighbours.
      button.style.minWidth = `${button.offsetWidth}px`
      label.textContent = data.copied
      clearTimeout(timer)
      timer = setTimeout(() => {
        label.textContent = data.label
        status.textContent = ""
      }, SHOWN_FOR)
    } else {
      input.value = address.href
      input.select()
    }
  }
  return () => clearTimeout(timer)
}
