/** The parts of Vega that the page is built from. The package `vega` has types for the whole only. */
declare module 'vega-dataflow' {
  export const transforms: Record<string, unknown>;
}
declare module 'vega-transforms' {}
declare module 'vega-view-transforms' {}
declare module 'vega-encode' {}
declare module 'vega-voronoi' {}
declare module 'vega-view' {
  export { View } from 'vega';
}
declare module 'vega-parser' {
  export { parse } from 'vega';
}
