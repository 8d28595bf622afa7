// Files that are dropped on the page or pasted into it.
import { useEffect, useState } from 'preact/hooks'

/** Receives files while it is on; returns whether something is being dragged over the page. */
export function useIncomingFiles(isOn: boolean, onFile: (file: File) => void): boolean {
  const [isOver, setOver] = useState(false)
  useEffect(() => {
    if (!isOn) return
    const off = new AbortController()
    const { signal } = off
    const take = (event: Event, files: FileList | undefined): void => {
      const [file] = files ?? []
      if (!file) return
      event.preventDefault()
      onFile(file)
    }
    const over = (event: DragEvent): void => {
      if (!event.dataTransfer?.types.includes('Files')) return
      // Without this the browser opens the file instead of the page.
      event.preventDefault()
      setOver(true)
    }
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false)
    }
    const drop = (event: DragEvent): void => {
      setOver(false)
      take(event, event.dataTransfer?.files)
    }
    document.addEventListener('dragover', over, { signal })
    document.addEventListener('dragleave', leave, { signal })
    document.addEventListener('drop', drop, { signal })
    document.addEventListener('paste', event => take(event, event.clipboardData?.files), { signal })
    return () => off.abort()
  }, [isOn, onFile])
  return isOver
}
