/** What `resnet predict` writes, apart from how, to keep `--help` fast. */
export const ANSWER_FORMATS = ['text', 'json', 'jsonl', 'csv'] as const
export type AnswerFormat = (typeof ANSWER_FORMATS)[number]
