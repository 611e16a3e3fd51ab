/** Reads the markup of a page back, as far as tests need it. */
import { expect } from 'vitest';

export const script = /<script>([\s\S]*?)<\/script>/;
export const json = /<script type="application\/json" id="([^"]*)">([\s\S]*?)<\/script>/g;

/** The page without its style sheet, its script and its data: what is left is markup and text, in which lines may break at any space. */
export function markup(page: string): string {
  return page.replace(script, '').replace(json, '').replace(/<style>[\s\S]*?<\/style>/, '').replaceAll('\u00a0', ' ');
}

/** The elements of a page in order, with their attributes; fails where a tag is not closed by its own. */
export function elements(page: string): readonly { name: string; attributes: Readonly<Record<string, string>> }[] {
  const found: { name: string; attributes: Record<string, string> }[] = [];
  const open: string[] = [];
  for (const [, closing, name, rest, selfClosing] of markup(page).matchAll(/<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+(?:="[^"<]*")?)*)\s*(\/?)>/g)) {
    if (closing === '/') {
      const opened = open.pop();
      if (opened !== name) throw new Error(`<${opened}> is closed by </${name}>`);
    } else {
      found.push({ name: name!, attributes: Object.fromEntries([...rest!.matchAll(/([\w:-]+)="([^"]*)"/g)].map((match) => [match[1], match[2]])) });
      if (selfClosing !== '/' && !['meta', 'br', 'hr', 'input'].includes(name!)) open.push(name!);
    }
  }
  expect(open).toEqual([]);
  expect(markup(page).replace(/<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+(?:="[^"<]*")?)*)\s*(\/?)>|<!DOCTYPE html>/g, '')).not.toContain('<');
  return found;
}
