/** The package ships no types; this is the one function of it that is used. */
declare module '@babel/code-frame' {
  interface Position { readonly line: number; readonly column: number }
  export function codeFrameColumns(
    lines: string,
    place: { readonly start: Position; readonly end?: Position },
    options?: {
      readonly startLine?: number; readonly linesAbove?: number; readonly linesBelow?: number; readonly highlightCode?: boolean;
    },
  ): string;
}
