// Puts a text on the clipboard; says whether that worked. `within` gets the focus back.
async function copy(text, within) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    // Over plain http there is no clipboard: an old way works from a click.
    const area = document.createElement("textarea")
    area.value = text
    area.readOnly = true
    area.style.cssText = "position:fixed;opacity:0"
    document.body.append(area)
    area.select()
    const done = document.execCommand("copy")
    area.remove()
    within.focus()
    return done
  }
}
