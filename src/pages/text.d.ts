// What the build makes of a page's style sheets and scripts (scripts/page-texts.mjs).

/** A style sheet with what it imports. */
declare module '#text/*.css' {
  const style: string
  export default style
}

/** A script with what it imports, and its hash as a Content-Security-Policy writes it. */
declare module '#text/*.script' {
  const script: { readonly code: string; readonly hash: string }
  export default script
}
