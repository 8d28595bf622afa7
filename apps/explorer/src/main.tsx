// Renders the page, then starts the lab and the service worker.
import './style/page.css'
import { render } from 'preact'
import { openLabAfterPaint } from './lab/open-lab.js'
import { Page } from './page/page.js'

const place = document.getElementById('page')
if (place) render(<Page />, place)
openLabAfterPaint()

if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  // Without it the page still works online.
  window.addEventListener('load', () => {
    navigator.serviceWorker.register('./service-worker.js').catch(() => {})
  })
}
