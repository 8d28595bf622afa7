// A comparison of two networks as one self-contained page.
import style from '#text/page.css'
import {
  comparisonNotes,
  comparisonTable,
  type NetworkComparison
} from '../../inspect/compare/network-costs.js'
import { renderPage } from '../page.js'
import { FigureTable } from '../parts.js'

/** The table of `formatComparison` as a page. */
export function comparisonHtml(comparison: NetworkComparison): string {
  const [heads, ...rows] = comparisonTable(comparison)
  const title = `${comparison.a.name} and ${comparison.b.name}`
  return renderPage(
    { title, style },
    <main>
      <h1>{title}</h1>
      <section>
        <FigureTable label={title} heads={heads} rows={rows.map(([head, ...cells]) => ({ head, cells }))} />
        {comparisonNotes(comparison).map(note => (
          <p>{note}</p>
        ))}
      </section>
    </main>
  )
}
