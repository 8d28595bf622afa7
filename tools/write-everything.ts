// Writes the state dict of src/weights/testing/everything.ts, for torch to read:
//   npx tsx tools/write-everything.ts everything.pth && /usr/bin/python3 tools/check_written_pth.py everything.pth
import { everything } from '../src/weights/testing/everything.js'
import { writeWeights } from '../src/weights/write-weights.js'

await writeWeights(process.argv[2], everything())
