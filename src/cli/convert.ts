// `resnet convert`: the same weights in another container.
import type { Command } from 'commander'

/** Declares the command. */
export function addConvert(program: Command): void {
  program
    .command('convert')
    .description('convert weights between .pth and .safetensors; types are kept')
    .argument('<in>', 'a .pth or .safetensors file')
    .argument('<out>', 'where to write: .safetensors or .pth')
    .addHelpText('after', '\nExample:\n  $ resnet convert resnet18.pth resnet18.safetensors')
    .action(convert)
}

async function convert(from: string, to: string): Promise<void> {
  const { readWeights } = await import('../weights/read-weights.js')
  const { writeWeights } = await import('../weights/write-weights.js')
  await writeWeights(to, await readWeights(from))
}
