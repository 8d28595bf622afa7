// The main job in one go: print a ResNet, see where its number comes from, classify a photograph.
// `npm run quickstart -- resnet18.pth` uses trained weights from a file (.pth or .safetensors).
import { classifier, countLayers, manualSeed, resnet18 } from 'resnet-ts'
import { fileURLToPath } from 'node:url'

const [weights] = process.argv.slice(2)
const photo = fileURLToPath(new URL('../assets/cat.jpg', import.meta.url))

manualSeed(0)
const net = resnet18()
console.log(String(net))

console.log('\nWhy 18? These layers have weights:')
for (const sum of countLayers(net).sums) console.log(`  ${sum}`)

console.log('\nassets/cat.jpg shows:')
const classify = await classifier(
  weights === undefined ? () => net : resnet18,
  weights === undefined ? {} : { weights }
)
for (const { label, score } of await classify(photo))
  console.log(`  ${(100 * score).toFixed(2).padStart(5)} %  ${label}`)
if (weights === undefined) {
  console.log(
    '\nThe weights are UNTRAINED (seed 0), so this is a guess. For an answer, give trained ones:\n' +
      '  npm run quickstart -- resnet18.pth'
  )
}
