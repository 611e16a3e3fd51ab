/** Markup that is safe to print as it stands. Only `html` makes it; any other value is text, and is escaped on its way in. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Content = Markup | string | number | readonly Content[];

/** Builds markup from a template: what the template says is trusted, what is filled in is not. */
export function html(template: TemplateStringsArray, ...values: readonly Content[]): Markup {
  let text = template[0]!;
  values.forEach((value, index) => {
    text += printed(value) + template[index + 1]!;
  });
  return new Markup(text);
}

/** For text that was made safe elsewhere: style sheets, scripts whose hash is in the policy, drawings. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

export const nothing = new Markup('');

/** Data for a script element of type application/json. No tag can open or close inside it, as it holds no `<`. */
export function embeddedJson(value: unknown): Markup {
  return new Markup(JSON.stringify(value).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029'));
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]!);
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function printed(value: Content): string {
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(printed).join('');
  return escapeHtml(String(value));
}
