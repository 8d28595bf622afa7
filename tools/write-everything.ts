// Writes the state dict of src/weights/testing/everything.ts, for torch to read:
//   npx tsx tools/write-everything.ts everything.pth && /usr/bin/python3 tools/check_written_pth.py everything.pth
import { everything } from '../src/weights/testing/everything.js'
import { writeWeights } from '../src/weights/write-weights.js'

const [, , path] = process.argv
// NumPy has no bfloat16.
const kept = [...everything()].filter(([, { dtype }]) => dtype !== 'bfloat16' || !path.endsWith('.npz'))
await writeWeights(path, new Map(kept))
