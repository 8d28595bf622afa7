// What the part "Train" says, in English.
export const train = {
  title: 'Train a network',
  notYet: 'Training in this page is not built yet. On the command line it works:'
}
