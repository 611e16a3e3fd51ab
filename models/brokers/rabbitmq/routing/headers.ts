/** Headers exchanges: a binding's arguments are compared with the headers of a message (rabbit_exchange_type_headers, 3.10 to 4.3). */

export type HeaderValue = string | number | boolean | null;
export type Headers = Readonly<Record<string, HeaderValue>>;

export const headerMatches = ['all', 'any', 'all-with-x', 'any-with-x'] as const;

/**
 * `all` is meant where nothing is said. Arguments that start with `x-` count only `-with-x`, and `x-match` never. Without
 * any that count, `all` matches every message and `any` none.
 */
export function matchesHeaders(bound: Headers, headers: Headers): boolean {
  const counted = countedArguments(bound).map(([name, value]) => agrees(name, value, headers));
  return isAny(bound) ? counted.includes(true) : !counted.includes(false);
}

export function isAny(bound: Headers): boolean {
  return bound['x-match'] === 'any' || bound['x-match'] === 'any-with-x';
}

export function countedArguments(bound: Headers): [string, HeaderValue][] {
  const withX = bound['x-match'] === 'all-with-x' || bound['x-match'] === 'any-with-x';
  return Object.entries(bound).filter(([name]) => (withX ? name !== 'x-match' : !name.startsWith('x-')));
}

/** Without a value (null) only the presence of the header is asked. Values of different types are never equal. */
function agrees(name: string, value: HeaderValue, headers: Headers): boolean {
  return Object.hasOwn(headers, name) && (value === null || headers[name] === value);
}
