// Zoom with the buttons, or the wheel with Ctrl or Command; drag to move; describe the box at the pointer.
import { findElement } from '../find-element.js'

const main = findElement(document, 'main', HTMLElement)
const svg = findElement(main, 'svg', SVGSVGElement)
const about = findElement(document, 'aside', HTMLElement)
const [width, height] = [svg.width.baseVal.value, svg.height.baseVal.value]
let zoom = 1
findElement(document, 'nav', HTMLElement).hidden = false
main.classList.add('zooms')

/** Zooms around one point of the window. */
function setZoom(wanted: number, x = main.clientWidth / 2, y = main.clientHeight / 2): void {
  const [left, top] = [(main.scrollLeft + x) / zoom, (main.scrollTop + y) / zoom]
  zoom = Math.min(4, Math.max(0.05, wanted))
  svg.style.width = `${width * zoom}px`
  svg.style.height = `${height * zoom}px`
  main.scrollLeft = left * zoom - x
  main.scrollTop = top * zoom - y
}

const ZOOMS: Readonly<Record<string, () => number>> = {
  fit: () => Math.min(1, (main.clientWidth - 20) / width, (main.clientHeight - 20) / height),
  in: () => zoom * 1.25,
  out: () => zoom / 1.25,
  1: () => 1
}
for (const button of document.querySelectorAll('button')) {
  button.addEventListener('click', () => setZoom(ZOOMS[button.dataset.zoom ?? '1']()))
}
main.addEventListener(
  'wheel',
  event => {
    if (!event.ctrlKey && !event.metaKey) return
    event.preventDefault()
    const { left, top } = main.getBoundingClientRect()
    setZoom(zoom * Math.exp(-event.deltaY / 300), event.clientX - left, event.clientY - top)
  },
  { passive: false }
)
main.addEventListener('pointerdown', event => {
  const isScrollBar = event.offsetX > main.clientWidth && event.target === main
  // A finger scrolls by itself.
  if (event.pointerType !== 'mouse' || event.button !== 0 || isScrollBar) return
  const start = [main.scrollLeft + event.clientX, main.scrollTop + event.clientY]
  const ended = new AbortController()
  addEventListener(
    'pointermove',
    next => {
      main.classList.add('moves')
      main.scrollLeft = start[0] - next.clientX
      main.scrollTop = start[1] - next.clientY
    },
    ended
  )
  addEventListener(
    'pointerup',
    () => {
      main.classList.remove('moves')
      ended.abort()
    },
    ended
  )
})

function show(box: Element, text: string, x: number, y: number): void {
  const rows = text.split('\n').map(line => {
    const row = document.createElement('div')
    row.textContent = line
    return row
  })
  about.replaceChildren(...rows)
  about.hidden = false
  about.style.left = `${Math.max(4, Math.min(x + 14, innerWidth - about.offsetWidth - 8))}px`
  about.style.top = `${Math.max(4, Math.min(y + 14, innerHeight - about.offsetHeight - 8))}px`
  box.classList.add('shown')
}

for (const box of svg.querySelectorAll<SVGElement>('.box')) {
  const title = box.querySelector('title')
  const text = title?.textContent ?? ''
  const hide = (): void => {
    about.hidden = true
    box.classList.remove('shown')
  }
  title?.remove()
  box.setAttribute('aria-label', text)
  box.setAttribute('tabindex', '0')
  box.addEventListener('pointermove', event => show(box, text, event.clientX, event.clientY))
  box.addEventListener('pointerleave', hide)
  box.addEventListener('focus', () => {
    const { right, top } = box.getBoundingClientRect()
    show(box, text, right, top)
  })
  box.addEventListener('blur', hide)
}
addEventListener('keydown', event => {
  if (event.key === 'Escape') about.hidden = true
})
