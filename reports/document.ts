/** One HTML file without any address in it, under a policy that would refuse to fetch one. */
import { createHash } from 'node:crypto';
import { embeddedJson, html, type Markup, trusted } from './html.ts';
import { style } from './style.ts';

export interface DocumentParts {
  readonly title: string;
  readonly version: string;
  readonly body: Markup;
  /** What the script of the page reads: the interactive drawings. */
  readonly data: object;
  readonly script: string;
  /** A class of the body. */
  readonly kind?: string;
}

export function documentPage({ title, version, body, data, script, kind }: DocumentParts): string {
  const document = html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Faultline ${version}">
<title>${shortened(title)} – Faultline</title>
<style>${trusted(style)}</style>
</head>
<body${kind === undefined ? '' : html` class="${kind}"`}>
${body}
<footer>Made by Faultline ${version}. This file needs no network and sends nothing anywhere.</footer>
<script type="application/json" id="page-data">${embeddedJson(data)}</script>
<script>${trusted(script)}</script>
</body>
</html>
`;
  return document.text;
}

/** Only this style sheet and this script: nothing that a result says could run, even if it came to stand as markup. */
function policy(script: string): string {
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; img-src data: blob:; base-uri 'none'; form-action 'none'`;
}

function shortened(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
