/** What may not stand in the sources, and how it is found. */
import ts from 'typescript';
import { place, visitAll } from './source-files.ts';

interface Ban {
  readonly name: string;
  readonly instead: string;
  readonly finds: (node: ts.Node) => boolean;
  /** A line that breaks the rule, to see that it is found. */
  readonly sample: string;
}

const useTime = 'sim.now, the simulated clock';
const useEvents = 'sim.after';
const useOrder = 'a comparison with < and >';
const useStep = 'an event: what happens later is another event';

/** Banned in sim/ and models/: a run depends on its scenario and its seed, and on nothing else. */
export const bans: readonly Ban[] = [
  member('Math', 'random', 'a named stream: sim.stream(name)', 'const x = Math.random();'),
  member('Math', 'pow', 'Math.exp(y * Math.log(x)) or multiplication; pow differs between Node versions', 'const x = Math.pow(a, b);'),
  member('Date', 'now', useTime, 'const x = Date.now();'),
  member('performance', 'now', useTime, 'const x = performance.now();'),
  member('process', 'env', 'a setting of the scenario', 'const x = process.env.HOME;'),
  { name: 'new Date', instead: useTime, finds: (node) => ts.isNewExpression(node) && isNamed(node.expression, 'Date'), sample: 'const x = new Date(0);' },
  global('setTimeout', useEvents),
  global('setInterval', useEvents),
  global('setImmediate', useEvents),
  global('queueMicrotask', useEvents),
  { name: '**', instead: 'multiplication, or Math.exp(y * Math.log(x))', finds: isPower, sample: 'const x = a ** b;' },
  { name: '**=', instead: 'multiplication', finds: isPowerAssignment, sample: 'a **= b;' },
  method('toLocaleString', 'the formatting in sim/units.ts', 'const x = (5).toLocaleString();'),
  method('localeCompare', useOrder, `const x = 'a'.localeCompare('b');`),
  { name: 'Intl', instead: useOrder, finds: (node) => ts.isPropertyAccessExpression(node) && isNamed(node.expression, 'Intl'), sample: 'const x = Intl.Collator;' },
  { name: 'async', instead: useStep, finds: (node) => node.kind === ts.SyntaxKind.AsyncKeyword, sample: 'async function f() {}' },
  { name: 'await', instead: useStep, finds: (node) => ts.isAwaitExpression(node), sample: 'await f();' },
  { name: 'Promise', instead: useStep, finds: (node) => isNamed(node, 'Promise') && !isPropertyName(node), sample: 'const x = Promise.resolve();' },
];

export function findBanned(source: ts.SourceFile): string[] {
  const found: string[] = [];
  visitAll(source, (node) => {
    for (const { name, instead, finds } of bans) {
      if (finds(node)) found.push(`${place(source, node)} uses ${name}; use ${instead}`);
    }
  });
  return found;
}

function isNamed(node: ts.Node, name: string): boolean {
  return ts.isIdentifier(node) && node.text === name;
}

/** The second half of `a.b`: another thing that happens to have the same name. */
function isPropertyName(node: ts.Node): boolean {
  return ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
}

function member(object: string, property: string, instead: string, sample: string): Ban {
  const finds = (node: ts.Node) => ts.isPropertyAccessExpression(node) && isNamed(node.expression, object) && node.name.text === property;
  return { name: `${object}.${property}`, instead, finds, sample };
}

function method(name: string, instead: string, sample: string): Ban {
  return { name, instead, finds: (node) => ts.isPropertyAccessExpression(node) && node.name.text === name, sample };
}

function global(name: string, instead: string): Ban {
  return { name, instead, finds: (node) => ts.isCallExpression(node) && isNamed(node.expression, name), sample: `${name}(f, 1);` };
}

function isPower(node: ts.Node): boolean {
  return ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.AsteriskAsteriskToken;
}

function isPowerAssignment(node: ts.Node): boolean {
  return ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.AsteriskAsteriskEqualsToken;
}

export function findLongFunctions(source: ts.SourceFile, linesMax: number): string[] {
  const found: string[] = [];
  visitAll(source, (node) => {
    if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) return;
    const first = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
    const last = source.getLineAndCharacterOfPosition(node.getEnd()).line;
    const lines = last - first + 1;
    if (lines > linesMax) found.push(`${place(source, node)} ${nameOf(node)} has ${lines} lines`);
  });
  return found;
}

function nameOf(node: ts.SignatureDeclaration): string {
  if (node.name !== undefined) return node.name.getText();
  return ts.isVariableDeclaration(node.parent) ? node.parent.name.getText() : 'a function';
}

const untidy: readonly (readonly [RegExp, string])[] = [
  [/\b(?:it|test|describe)\.only\b/, 'singles out a test'],
  [new RegExp(String.raw`\b(?:TO${'DO'}|FIX${'ME'}|XX${'X'})\b`), 'leaves something for later'],
  [new RegExp(String.raw`(?<![\w.-])/(?:wor${'k'}|far${'m'}|roo${'t'}|hom${'e'}/\w+)/`), 'names a path of somebody else\'s machine'],
  [new RegExp(String.raw`share${'d'}/(?:facts|design|oracle|measured|anchors|hooks)`), 'names a folder that is not in the repository'],
];

export function findUntidyText(file: string, text: string): string[] {
  return text.split('\n').flatMap((line, index) =>
    untidy.filter(([pattern]) => pattern.test(line)).map(([, complaint]) => `${file}:${index + 1} ${complaint}`),
  );
}
