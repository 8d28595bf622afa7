// uPlot's own files as text: a module that the build makes of the package (scripts/write-uplot.mjs).

/** Defines `uPlot`, for a page's script element. */
export declare const SCRIPT: string
/** Its style sheet. */
export declare const STYLE: string
/** Goes wherever the script goes. */
export declare const LICENCE: string
