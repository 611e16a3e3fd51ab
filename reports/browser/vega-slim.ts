/** Vega without what our charts never use (geography, force layouts, hierarchies, …), which would double its size. */
import { transforms } from 'vega-dataflow';
import * as encode from 'vega-encode';
import { parse } from 'vega-parser';
import * as dataTransforms from 'vega-transforms';
import { View } from 'vega-view';
import * as viewTransforms from 'vega-view-transforms';
import * as voronoi from 'vega-voronoi';

Object.assign(transforms, dataTransforms, viewTransforms, encode, voronoi);

export { parse, View };
