// The camera: started by the user, stopped as soon as it is hidden.
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useAddress } from '../address/use-address.js'
import { useWords, type Words } from '../words/words.js'

type CameraFault = keyof Words['run']['camera']

interface Props {
  readonly onPicture: (file: File) => void
  /** Receives why there is no camera, in one sentence. */
  readonly onFault: (message: string) => void
}

// The names that browsers use.
const FAULTS: Readonly<Record<string, CameraFault>> = {
  NotAllowedError: 'refused',
  SecurityError: 'refused',
  NotFoundError: 'missing',
  OverconstrainedError: 'missing',
  NotReadableError: 'busy',
  AbortError: 'busy'
}

export function Camera({ onPicture, onFault }: Props): JSX.Element {
  const { run: words } = useWords()
  const { part } = useAddress()
  const video = useRef<HTMLVideoElement>(null)
  const [stream, setStream] = useState<MediaStream | undefined>()

  useEffect(() => {
    if (video.current && stream) video.current.srcObject = stream
    return () => stop(stream)
  }, [stream])
  const isShown = useRef(true)
  useEffect(() => {
    isShown.current = part === 'run'
    if (part !== 'run') setStream(undefined)
    return () => {
      isShown.current = false
    }
  }, [part])

  async function start(): Promise<void> {
    // Missing on pages served over plain HTTP.
    const devices = navigator.mediaDevices as MediaDevices | undefined
    if (!devices) {
      onFault(words.camera.insecure)
      return
    }
    try {
      const granted = await devices.getUserMedia({ video: { facingMode: 'environment' } })
      // It may have been hidden while the browser asked.
      if (isShown.current) setStream(granted)
      else stop(granted)
    } catch (error) {
      onFault(words.camera[FAULTS[error instanceof Error ? error.name : ''] ?? 'missing'])
    }
  }

  async function take(): Promise<void> {
    if (!video.current) return
    const { videoWidth, videoHeight } = video.current
    const canvas = new OffscreenCanvas(videoWidth, videoHeight)
    canvas.getContext('2d')?.drawImage(video.current, 0, 0)
    onPicture(new File([await canvas.convertToBlob({ type: 'image/png' })], 'camera.png'))
    setStream(undefined)
  }

  if (!stream)
    return (
      <div class="offer">
        <button type="button" class="primary" onClick={() => void start()}>
          {words.startCamera}
        </button>
        <p>{words.cameraHint}</p>
      </div>
    )
  return (
    <>
      <video ref={video} class="frame" autoplay muted playsInline aria-label={words.viewfinder} />
      <div class="row">
        <button type="button" class="primary" onClick={() => void take()}>
          {words.takePicture}
        </button>
        <button type="button" onClick={() => setStream(undefined)}>
          {words.stopCamera}
        </button>
      </div>
    </>
  )
}

function stop(stream: MediaStream | undefined): void {
  for (const track of stream?.getTracks() ?? []) track.stop()
}
