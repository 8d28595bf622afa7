// Puts the page into its document, and starts what may come later: the lab, and the worker that keeps the page offline.
import { render } from 'preact'
import { openLabAfterPaint } from './lab/open-lab.js'
import { Page } from './page/page.js'
import './style/page.css'

const place = document.getElementById('page')
if (place) render(<Page />, place)
openLabAfterPaint()

if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  // Without it the page works as well, as long as there is a network.
  window.addEventListener('load', () => {
    navigator.serviceWorker.register('./service-worker.js').catch(() => {})
  })
}
