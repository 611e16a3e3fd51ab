import { html } from '../html.ts';
import { type Panel, passage } from '../panel.ts';

export const warnings: Panel = {
  id: 'warnings',
  title: 'Warnings',
  question: 'What in this scenario or run deserves a second look?',
  render(result) {
    if (result.warnings.length === 0) return [];
    return [passage(html`<ul class="warnings">${result.warnings.map((warning) => html`<li>${warning}</li>`)}</ul>`)];
  },
};
