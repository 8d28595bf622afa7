// What the part "Architecture" says, in English.
export const architecture = {
  network: 'Network'
}
