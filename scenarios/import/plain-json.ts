/** JSON from anybody: not too deep, and without the one name that would change what an object is. */
import { ImportProblems, pathOf } from './problems.ts';

const depthMax = 64;

/** @throws ImportProblems */
export function parsePlainJson(text: string): unknown {
  const value = parse(text);
  // A loop and not a recursion: the file says how deep it is.
  const open: { readonly value: unknown; readonly path: readonly PropertyKey[] }[] = [{ value, path: [] }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { path } = next;
    if (typeof next.value !== 'object' || next.value === null) continue;
    if (path.length >= depthMax) throw new ImportProblems([{ path: pathOf(path.slice(0, 6)), message: `values are nested more than ${depthMax} levels deep` }]);
    if (Object.hasOwn(next.value, '__proto__')) throw new ImportProblems([{ path: pathOf(path), message: 'a key is called __proto__', hint: 'RabbitMQ writes no such key; remove it' }]);
    const isList = Array.isArray(next.value);
    for (const [key, inner] of Object.entries(next.value)) if (typeof inner === 'object') open.push({ value: inner, path: [...path, isList ? Number(key) : key] });
  }
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ImportProblems([{ path: '', message: 'the file is not JSON', found: (error as Error).message, hint: 'give the file that rabbitmqctl export_definitions wrote, with its default format' }]);
  }
}
