/** An end to what may take for ever. */
import { createContext, runInContext } from 'node:vm';

/** What an action gives; undefined when it has not ended in time. It is cut off wherever it is. */
export function withinTime<T>(action: () => T, limitMs: number): { readonly value: T } | undefined {
  let value: { readonly value: T } | undefined;
  const context = createContext({ act: () => (value = { value: action() }) });
  try {
    // Of all that Node offers only a script can be interrupted in its midst; what it calls is cut off with it.
    runInContext('act()', context, { timeout: limitMs });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    return undefined;
  }
  return value;
}
