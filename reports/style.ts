/** The look of the page. Colours are named once for light and once for dark; drawings take theirs from the text around them. */
export const style = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #ffffff; --soft: #59626d; --line: #dfe3e8; --box: #f4f6f8; --pass: #12703b; --fail: #bd1d31; --unknown: #855600; --link: #1a5fa8; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e7ea; --paper: #14171a; --soft: #a0a9b4; --line: #2f363d; --box: #1e2328; --pass: #55c78f; --fail: #ff8089; --unknown: #e3ae4a; --link: #7db4ec; }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; font-variant-numeric: tabular-nums; }
main, .page-head, footer { max-width: 1148px; margin: 0 auto; padding: 0 24px; }
.page-head { padding-top: 32px; }
a { color: var(--link); }
h1, h2, h3, h4, h5 { line-height: 1.25; text-wrap: balance; overflow-wrap: anywhere; }
h1 { font-size: 1.75rem; margin: 0 0 12px; }
h2 { font-size: 1.3rem; margin: 0 0 4px; }
h3 { font-size: 1.05rem; margin: 24px 0 8px; }
h4, h5 { font-size: 1rem; margin: 20px 0 8px; }
.many h2 { font-size: 1.6rem; }
.many h3 { font-size: 1.2rem; margin-top: 0; }
p { margin: 8px 0; overflow-wrap: anywhere; }
small { color: var(--soft); font-size: .87em; }
code { font: .92em/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
.run { padding-top: 32px; }
.many .run { border-top: 3px solid var(--line); margin-top: 40px; }
.word { display: inline-block; padding: 1px 12px; margin-right: 8px; border-radius: 6px; border: 2px solid currentColor; text-transform: uppercase; letter-spacing: .04em; font-size: .8em; vertical-align: .1em; white-space: nowrap; }
.pass { color: var(--pass); } .fail { color: var(--fail); } .unknown { color: var(--unknown); }
.mark { font-weight: 600; white-space: nowrap; }
.sentence { font-size: 1.15rem; margin: 0 0 8px; }
.about { color: var(--soft); max-width: 75ch; }
.contents ul { list-style: none; margin: 16px 0 0; padding: 0; display: flex; flex-wrap: wrap; gap: 4px 18px; font-size: .93rem; }
.panel { margin-top: 32px; padding-top: 20px; border-top: 1px solid var(--line); }
.question { color: var(--soft); margin: 0 0 12px; max-width: 80ch; }
.note, figcaption { color: var(--soft); font-size: .9rem; margin: 6px 0; }
.scroll { overflow-x: auto; margin: 12px 0; }
table { border-collapse: collapse; font-size: .93rem; }
caption { text-align: left; font-weight: 600; padding: 0 0 6px; position: sticky; left: 0; width: max-content; max-width: min(1100px, 100vw - 48px); }
th, td { padding: 6px 10px; vertical-align: top; border-bottom: 1px solid var(--line); }
th:first-child, td:first-child { padding-left: 0; }
th:last-child, td:last-child { padding-right: 0; }
thead th { font-weight: 600; color: var(--soft); font-size: .95em; vertical-align: bottom; }
tbody th { font-weight: 500; }
.start { text-align: left; min-width: 9ch; overflow-wrap: break-word; }
td.start { max-width: 46ch; } .prose { min-width: 26ch; } th code, td code { overflow-wrap: break-word; }
.end { text-align: right; }
.whole, .checks li { white-space: nowrap; }
td ul { margin: 4px 0; padding-left: 18px; } td ul.checks { margin: 0; padding: 0; list-style: none; }
figure { margin: 8px 0 24px; }
.plot { overflow-x: auto; overflow-y: hidden; }
.plot svg { display: block; }
.plot:not([data-live]) svg { width: 100%; height: auto; min-width: 800px; }
details { margin: 6px 0; }
summary { cursor: pointer; color: var(--link); font-size: .93rem; width: fit-content; }
pre.command { background: var(--box); border: 1px solid var(--line); border-radius: 6px; padding: 10px 14px; margin: 0 0 8px; overflow-x: auto; }
pre.command code { overflow-wrap: normal; white-space: pre; }
dl { margin: 12px 0; }
dl.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 4px 32px; }
dl.facts dd { text-wrap: balance; } dl.facts div { display: grid; grid-template-columns: 140px 1fr; gap: 8px; }
dl.methods div { display: grid; grid-template-columns: 170px 1fr; gap: 8px 16px; padding: 6px 0; border-bottom: 1px solid var(--line); max-width: 90ch; }
dt { color: var(--soft); overflow-wrap: anywhere; } dd { margin: 0; overflow-wrap: anywhere; }
.balances { list-style: none; padding: 0; margin: 8px 0; } .balances li { margin: 4px 0; overflow-wrap: anywhere; }
.warnings li { margin: 6px 0; overflow-wrap: anywhere; }
button { font: inherit; font-size: .9rem; color: var(--ink); background: var(--box); border: 1px solid var(--line); border-radius: 6px; padding: 4px 12px; margin: 0 8px 8px 0; cursor: pointer; }
button:hover { border-color: var(--soft); }
button.copy { padding: 1px 8px; font-size: .82rem; margin: 0 8px; } pre + button.copy { margin: 0 8px 4px 0; padding: 4px 12px; font-size: .9rem; }
.said { color: var(--soft); font-size: .87rem; }
.toolbar { display: flex; flex-wrap: wrap; align-items: baseline; gap: 6px 12px; margin: 24px 0 -8px; font-size: .93rem; color: var(--soft); }
.toolbar:empty { display: none; }
.toolbar button { margin: 0; }
.toolbar input { font: inherit; width: 9ch; color: var(--ink); background: var(--paper); border: 1px solid var(--line); border-radius: 4px; padding: 2px 6px; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
#vg-tooltip-element { visibility: hidden; position: fixed; z-index: 1000; pointer-events: none; padding: 7px 10px; max-width: min(420px, 90vw); border-radius: 6px; border: 1px solid var(--line); background: var(--paper); color: var(--ink); box-shadow: 0 2px 10px rgb(0 0 0 / .18); font-size: 13px; line-height: 1.45; white-space: pre-line; overflow-wrap: anywhere; }
#vg-tooltip-element.visible { visibility: visible; }
footer { color: var(--soft); font-size: .9rem; padding-top: 24px; padding-bottom: 48px; }
@media (max-width: 600px) {
  main, .page-head, footer { padding-left: 16px; padding-right: 16px; }
  h1 { font-size: 1.4rem; }
  th, td { padding: 6px 10px; } td.end { white-space: nowrap; }
  dl.facts div, dl.methods div { grid-template-columns: 1fr; gap: 0; }
}
@media print {
  :root { color-scheme: light; --ink: #000; --paper: #fff; --soft: #444; --line: #bbb; --box: #f4f4f4; --pass: #12703b; --fail: #bd1d31; --unknown: #855600; --link: #000; }
  body { font-size: 10pt; }
  main, .page-head, footer { max-width: none; padding: 0; }
  button, .toolbar, .contents, .said, summary, .downloads, .panel:has(.downloads) { display: none; }
  details::details-content { display: block; content-visibility: visible; }
  .note, figcaption { font-size: 8.5pt; } h1 { font-size: 18pt; } h2 { font-size: 14pt; } h3, h4, h5 { font-size: 11pt; }
  .scroll { overflow: visible; }
  table { font-size: 7.5pt; } th, td { padding: 2px 5px; } .whole, .checks li { white-space: normal; } td.start { max-width: none; }
  .plot, .plot:not([data-live]) svg { overflow: visible; min-width: 0; }
  .plot svg { width: 100%; height: auto; }
  .panel { border-top: 0; } .many .run { break-before: page; border-top: 0; margin-top: 0; }
  h1, h2, h3, h4, h5, .question, caption { break-after: avoid; }
  .plot, tr, li, p, dl div, .scroll:not(:has(tbody tr:nth-child(16))) { break-inside: avoid; } figcaption, .note { break-before: avoid; } thead { display: table-header-group; }
  .scroll:has(tbody tr:nth-child(16)):not(:has(thead th:nth-child(5))) { columns: 2; }
  pre.command { white-space: pre-wrap; overflow: visible; } pre.command code { white-space: pre-wrap; overflow-wrap: anywhere; }
}
`;
