// What a diagram's page does: zoom with the buttons, or the wheel with Ctrl or Command; drag to move; tell about a box.

/** Stands inside the page's script element. */
export const DIAGRAM_SCRIPT = `
'use strict'
const main = document.querySelector('main')
const svg = main.querySelector('svg')
const about = document.querySelector('aside')
const [width, height] = [svg.width.baseVal.value, svg.height.baseVal.value]
let zoom = 1
document.querySelector('nav').hidden = false
main.classList.add('zooms')

function setZoom(next, x = main.clientWidth / 2, y = main.clientHeight / 2) {
  const wanted = Math.min(4, Math.max(0.05, next))
  const [left, top] = [(main.scrollLeft + x) / zoom, (main.scrollTop + y) / zoom]
  zoom = wanted
  svg.style.width = width * zoom + 'px'
  svg.style.height = height * zoom + 'px'
  main.scrollLeft = left * zoom - x
  main.scrollTop = top * zoom - y
}
function fit() {
  setZoom(Math.min(1, (main.clientWidth - 20) / width, (main.clientHeight - 20) / height))
}
for (const button of document.querySelectorAll('button')) {
  button.addEventListener('click', () => {
    const how = button.dataset.zoom
    if (how === 'fit') fit()
    else setZoom(how === 'in' ? zoom * 1.25 : how === 'out' ? zoom / 1.25 : 1)
  })
}
main.addEventListener('wheel', event => {
  if (!event.ctrlKey && !event.metaKey) return
  event.preventDefault()
  const { left, top } = main.getBoundingClientRect()
  setZoom(zoom * Math.exp(-event.deltaY / 300), event.clientX - left, event.clientY - top)
}, { passive: false })
main.addEventListener('pointerdown', event => {
  // A finger scrolls by itself, and a scroll bar is no part of the picture.
  if (event.pointerType !== 'mouse' || event.button !== 0 || event.offsetX > main.clientWidth && event.target === main) return
  const start = [main.scrollLeft + event.clientX, main.scrollTop + event.clientY]
  const move = next => {
    main.classList.add('moves')
    main.scrollLeft = start[0] - next.clientX
    main.scrollTop = start[1] - next.clientY
  }
  const end = () => {
    main.classList.remove('moves')
    removeEventListener('pointermove', move)
    removeEventListener('pointerup', end)
  }
  addEventListener('pointermove', move)
  addEventListener('pointerup', end)
})

function show(box, x, y) {
  about.replaceChildren(...box.dataset.about.split('\\n').map(line => {
    const row = document.createElement('div')
    row.textContent = line
    return row
  }))
  about.hidden = false
  about.style.left = Math.max(4, Math.min(x + 14, innerWidth - about.offsetWidth - 8)) + 'px'
  about.style.top = Math.max(4, Math.min(y + 14, innerHeight - about.offsetHeight - 8)) + 'px'
  box.classList.add('shown')
}
function hide(box) {
  about.hidden = true
  box.classList.remove('shown')
}
for (const box of svg.querySelectorAll('.box')) {
  const title = box.querySelector('title')
  box.dataset.about = title.textContent
  box.setAttribute('aria-label', title.textContent)
  box.setAttribute('tabindex', '0')
  title.remove()
  box.addEventListener('pointermove', event => show(box, event.clientX, event.clientY))
  box.addEventListener('pointerleave', () => hide(box))
  box.addEventListener('focus', () => {
    const { right, top } = box.getBoundingClientRect()
    show(box, right, top)
  })
  box.addEventListener('blur', () => hide(box))
}
addEventListener('keydown', event => {
  if (event.key === 'Escape') about.hidden = true
})
`
