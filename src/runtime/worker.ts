// The types of `resnet-ts/worker`: a script that answers an engine, and exports nothing. package.json leads to the one of
// Node, or of browsers on WebAssembly.
export {}
