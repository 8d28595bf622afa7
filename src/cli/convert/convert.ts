import type { Command } from 'commander'

export function addConvert(program: Command): void {
  program
    .command('convert')
    .description('convert weights between .pth and .safetensors; types are kept')
    .argument('<in>', 'a .pth or .safetensors file')
    .argument('<out>', 'where to write: .safetensors or .pth')
    .option('--pick <prefix>', "only the tensors below this name, without it: 'model.', or 'layer1'")
    .addHelpText(
      'after',
      '\nExamples:\n  $ resnet convert resnet18.pth resnet18.safetensors\n  $ resnet convert lightning.ckpt resnet18.safetensors --pick model.'
    )
    .action(convert)
}

async function convert(from: string, to: string, { pick }: { readonly pick?: string }): Promise<void> {
  const { pickPrefix } = await import('../../tensor/state-dict.js')
  const { readWithMetadata } = await import('../../weights/read-weights.js')
  const { writeWeights } = await import('../../weights/write-weights.js')
  const { tensors, metadata } = await readWithMetadata(from, texts => texts)
  if (pick !== undefined) return writeWeights(to, pickPrefix(tensors, pick))
  // A checkpoint's description of its network; .pth has no place for one.
  const isKept = metadata.size > 0 && to.endsWith('.safetensors')
  await writeWeights(to, tensors, isKept ? { metadata: Object.fromEntries(metadata) } : {})
}
