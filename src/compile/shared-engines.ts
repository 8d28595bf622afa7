// The engine that a caller names, or the one that all networks of a process share on a device.
import { DEFAULT_DEVICE } from '#ort-workers'
import { createEngine } from '../runtime/create-engine.js'
import type { DeviceRequest, Engine, EngineChoice } from '../runtime/engine.js'

const engines = new Map<DeviceRequest, Engine>()

/** The engine that options ask for; a shared one starts at its first use, and again after it broke down. */
export function engineFor({ engine, device = DEFAULT_DEVICE }: EngineChoice): Engine {
  if (engine) return engine
  const known = engines.get(device)
  if (known?.isOpen) return known
  const started = createEngine({ device })
  engines.set(device, started)
  return started
}
