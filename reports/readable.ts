/** Names and sentences of a result come from files that others wrote; here they become text that can only be read. */
import type { CapacityResult } from '../scenarios/capacity-result.ts';
import type { Comparison } from '../scenarios/comparison-result.ts';
import type { Explanation, RunResult, WindowStory } from '../scenarios/result.ts';
import type { TheorySweep } from '../scenarios/theory-result.ts';

export function readable(result: RunResult): RunResult {
  return cleaned(result) as RunResult;
}

export function readableCapacity(result: CapacityResult): CapacityResult {
  return cleaned(result) as CapacityResult;
}

export function readableComparison(comparison: Comparison): Comparison {
  return cleaned(comparison) as Comparison;
}

export function readableExplanation(explanation: Explanation): Explanation {
  return cleaned(explanation) as Explanation;
}

export function readableWindow(window: WindowStory): WindowStory {
  return cleaned(window) as WindowStory;
}

export function readableSweep(sweep: TheorySweep): TheorySweep {
  return cleaned(sweep) as TheorySweep;
}

/**
 * Replaces what is not text: control characters, which can drive a terminal, separators of lines, which end a string in an
 * expression, and the marks that reorder a line, which can make a name read as something else.
 */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200E\u200F\u2028-\u202E\u2066-\u2069]/g, '\uFFFD');
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return printable(value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [printable(key), cleaned(inner)]));
}
