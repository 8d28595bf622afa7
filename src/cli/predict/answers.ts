// How `resnet predict` writes its answers: each as soon as there is one, as text, JSON, JSON lines or CSV.
import { printable, printableJson } from '../../base/words.js'
import type { Prediction } from '../../networks/classifier.js'
import { styled, type Line } from '../terminal/output.js'
import type { AnswerFormat } from './formats.js'

/** What is known of an image: its classes, or why it could not be read. */
export type Answer =
  | { readonly image: string; readonly top: readonly Prediction[]; readonly logits?: readonly number[] }
  | { readonly image: string; readonly error: string }

/** The texts of a format other than text, escaped; `first` tells the first answer. */
interface Writing {
  readonly start: string
  answer(answer: Answer, first: boolean): string
  readonly end: (isEmpty: boolean) => string
}

/** An answer's lines for a reader, below the image's name if there are several. */
export function answerLines(answer: Answer, isNamed: boolean): Line[] {
  if ('error' in answer) return [[`${answer.image}: `, styled('red', answer.error)]]
  if (answer.top.length === 0) return [[`${isNamed ? `${answer.image}: ` : ''}nothing reaches the threshold`]]
  const rows = answer.top.map(({ label, score }, rank): Line => {
    const share = `${(100 * score).toFixed(2).padStart(6)} %`
    return rank === 0 ? [`${share}  `, styled('bold', label)] : `${share}  ${label}`
  })
  return [...(isNamed ? [[styled('cyan', answer.image)]] : []), ...rows]
}

const nothing = (): string => ''

export const WRITINGS: Readonly<Record<Exclude<AnswerFormat, 'text'>, Writing>> = {
  json: {
    start: '[',
    answer: (answer, first) => `${first ? '' : ','}\n${printableJson(answer, 2).replace(/^/gm, '  ')}`,
    end: isEmpty => (isEmpty ? ']\n' : '\n]\n')
  },
  jsonl: { start: '', answer: answer => `${printableJson(answer)}\n`, end: nothing },
  csv: {
    start: 'image,rank,label,index,score,error\n',
    answer: answer =>
      'error' in answer
        ? csvRow([answer.image, '', '', '', '', answer.error])
        : answer.top.length === 0
          ? csvRow([answer.image, '', '', '', '', ''])
          : answer.top
              .map(({ label, index, score }, i) => csvRow([answer.image, i + 1, label, index, score, '']))
              .join(''),
    end: nothing
  }
}

function csvRow(cells: readonly (string | number)[]): string {
  const written = cells.map(cell => {
    const text = printable(String(cell))
    return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  })
  return `${written.join(',')}\n`
}
