// Preloaded into a measured process (`node --import`): reports its peak memory when it ends, in bytes.
process.on('exit', () => process.stderr.write(`peak ${process.resourceUsage().maxRSS * 1024}\n`))
