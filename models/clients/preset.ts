/** What a client library does unless its application says otherwise, as settings of producers and consumers. */

type Plain = string | number | boolean | { readonly [key: string]: Plain };

export interface PresetSetting {
  /** As in a scenario: `prefetch`, `failure.then`. */
  readonly setting: string;
  readonly value: Plain;
  /** The value is for each of these: `concurrency`, as far as that is written. */
  readonly times?: 'concurrency';
  /** What the library calls it, or where it does it. */
  readonly called: string;
  /** File or page, with the release that was read. */
  readonly source: string;
}

export interface ClientPreset {
  /** Product and releases that it stands for. */
  readonly standsFor: string;
  readonly about: string;
  /** Of producers, and of workers that publish onward. */
  readonly publishing: readonly PresetSetting[];
  /** Of producers alone: a worker's connection is kept as consumers keep theirs. */
  readonly producing: readonly PresetSetting[];
  readonly consuming: readonly PresetSetting[];
  /** What applications often turn on, and what to write for it. */
  readonly options: readonly { readonly called: string; readonly write: string }[];
  /** What of the library is not modelled, or otherwise. */
  readonly leftOut: readonly string[];
}
