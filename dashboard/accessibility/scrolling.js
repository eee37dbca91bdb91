// Boxes that scroll take the focus, so that arrow keys move them; boxes that do not scroll stay out of the way of Tab.
const BOXES = '[data-testid="stTable"], [data-testid="stTable"] div, [class*="st-key-listing-"]'

const scrolls = (box) => {
  const style = getComputedStyle(box)
  const moves = (overflow) => overflow === "auto" || overflow === "scroll"
  return (moves(style.overflowX) && box.scrollWidth > box.clientWidth) ||
    (moves(style.overflowY) && box.scrollHeight > box.clientHeight)
}

const mark = (label) => {
  for (const box of document.querySelectorAll(BOXES)) {
    if (scrolls(box)) {
      box.tabIndex = 0
      box.setAttribute("role", "region")
      box.setAttribute("aria-label", label)
      box.dataset.scrolls = ""
    } else if ("scrolls" in box.dataset) {
      for (const name of ["tabindex", "role", "aria-label", "data-scrolls"]) box.removeAttribute(name)
    }
  }
}

export default function ({ data }) {
  let due = 0
  const soon = () => {
    cancelAnimationFrame(due)
    due = requestAnimationFrame(() => mark(data.label))
  }
  const changes = new MutationObserver(soon)
  changes.observe(document.body, { childList: true, subtree: true })
  window.addEventListener("resize", soon)
  soon()
  return () => {
    cancelAnimationFrame(due)
    changes.disconnect()
    window.removeEventListener("resize", soon)
  }
}
