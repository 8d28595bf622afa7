// What the frame of pasted code answers: text, which says first what it is. The code can send any text in its place.

/** Of what is shown, in characters. */
export const LONGEST_FAULT = 2000

const KINDS = ['outline', 'fault', 'broken'] as const

export interface PastedAnswer {
  readonly kind: (typeof KINDS)[number]
  /** The outline as JSON, not yet read; or what is wrong, to be shown. */
  readonly text: string
}

/** Takes an answer apart; whatever is none counts as a failure of the worker. */
export function readAnswer(said: unknown): PastedAnswer {
  const whole = typeof said === 'string' ? said : ''
  const kind = KINDS.find(each => whole.startsWith(`${each}:`))
  if (kind === undefined) return { kind: 'broken', text: 'its answer is none' }
  const text = whole.slice(kind.length + 1)
  if (kind === 'outline' || text.length <= LONGEST_FAULT) return { kind, text }
  return { kind, text: `${text.slice(0, LONGEST_FAULT)}…` }
}
