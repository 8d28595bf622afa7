// What the part "Run" says, in English.
export const run = {
  title: 'Run a network',
  notYet: 'Running networks in this page is not built yet. On the command line it works:'
}
