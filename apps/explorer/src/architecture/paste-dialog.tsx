// The dialog for the user's own network. Code that came with the URL is shown here, and runs only when confirmed.
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useWords } from '../words/words.js'
import type { OwnNetwork } from './use-networks.js'

const EXAMPLE = `import { BatchNorm2d, Conv2d, Gated, Linear, Module, relu, Residual, ReLU, Sequential, Sigmoid } from 'resnet-ts'
import { mean } from 'resnet-ts/functional'

class Tiny extends Module {
  stem = new Conv2d(3, 16, 3, { padding: 1 })
  // F(x) + x
  block = new Residual(new Sequential(
    new Conv2d(16, 32, 3, { stride: 2, padding: 1 }), new BatchNorm2d(32), new ReLU()))
  // F(x) * x
  gate = new Gated(new Sequential(new Conv2d(32, 32, 1), new Sigmoid()))
  fc = new Linear(32, 10)

  forward(x) {
    const features = this.gate(this.block(relu(this.stem(x))))
    return this.fc(mean(features, [2, 3]))
  }
}

export default Tiny
export const inputShape = [1, 3, 32, 32]
`

interface Props {
  readonly isOpen: boolean
  readonly code: string | undefined
  readonly own: OwnNetwork
  readonly isPending: boolean
  readonly onClose: () => void
}

export function PasteDialog({ isOpen, code, own, isPending, onClose }: Props): JSX.Element {
  const { architecture } = useWords()
  const { paste: words } = architecture
  const dialog = useRef<HTMLDialogElement>(null)
  const [text, setText] = useState(code ?? EXAMPLE)
  useEffect(() => {
    if (isOpen && !dialog.current?.open) dialog.current?.showModal()
    if (!isOpen) dialog.current?.close()
  }, [isOpen])
  useEffect(() => {
    if (code !== undefined) setText(code)
  }, [code])

  return (
    <dialog ref={dialog} class="paste" onClose={onClose} aria-labelledby="paste-title">
      <form
        onSubmit={event => {
          event.preventDefault()
          if (!isPending) own.draw(text)
        }}
      >
        <h2 id="paste-title">{words.title}</h2>
        <p>{words.explain}</p>
        {own.isForeign && (
          <p class="warning" role="note">
            {words.fromAddress}
          </p>
        )}
        <textarea
          aria-label={words.code}
          spellcheck={false}
          autocomplete="off"
          autocapitalize="off"
          value={text}
          onInput={event => setText(event.currentTarget.value)}
        />
        <p class="fault" role="alert">
          {own.fault}
        </p>
        <div class="actions row">
          <button type="button" onClick={onClose}>
            {words.close}
          </button>
          <button type="submit" class="primary" aria-disabled={isPending}>
            {isPending ? words.drawing : words.draw}
          </button>
        </div>
      </form>
    </dialog>
  )
}
