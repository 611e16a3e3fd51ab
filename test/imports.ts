/** Reads the imports of a source file and checks them against the layers. */
import path from 'node:path';
import ts from 'typescript';
import { parse, visitAll } from './source-files.ts';

export interface Import {
  /** A package, `node:…`, or a path from the project's root. */
  readonly to: string;
  readonly local: boolean;
  /** Nothing of it is left at run time. */
  readonly typeOnly: boolean;
}
export interface SourceImports {
  readonly file: string;
  readonly imports: readonly Import[];
  /** It declares nothing of its own and hands on what others export, or hands on all of some other file. */
  readonly barrel: boolean;
}

export function importsOf(file: string, text?: string): SourceImports {
  const imports: Import[] = [];
  const add = (specifier: ts.Node | undefined, typeOnly: boolean): void => {
    if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return;
    const local = specifier.text.startsWith('.');
    imports.push({ to: local ? path.posix.join(path.posix.dirname(file), specifier.text) : specifier.text, local, typeOnly });
  };
  const source = parse(file, text);
  visitAll(source, (node) => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, importsOnlyTypes(node.importClause));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, exportsOnlyTypes(node));
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && loads(node.expression)) add(node.arguments[0], false);
  });
  return { file, imports, barrel: isBarrel(source) };
}

function isBarrel({ statements }: ts.SourceFile): boolean {
  const handsOn = statements.filter((statement) => ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined) as ts.ExportDeclaration[];
  if (handsOn.some(({ exportClause }) => exportClause === undefined)) return true;
  return handsOn.length > 0 && statements.every((statement) => ts.isExportDeclaration(statement) || ts.isImportDeclaration(statement));
}

function loads(callee: ts.Expression): boolean {
  return callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require');
}

function importsOnlyTypes(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const bindings = clause.namedBindings;
  return clause.name === undefined && bindings !== undefined && ts.isNamedImports(bindings) && bindings.elements.every(({ isTypeOnly }) => isTypeOnly);
}

function exportsOnlyTypes({ isTypeOnly, exportClause }: ts.ExportDeclaration): boolean {
  return isTypeOnly || (exportClause !== undefined && ts.isNamedExports(exportClause) && exportClause.elements.every((element) => element.isTypeOnly));
}

interface Layer {
  readonly files: RegExp;
  readonly mayImport: RegExp;
  /** Only the types of these. */
  readonly mayImportTypes?: RegExp;
  readonly libraries: RegExp;
}
const none = /^$/;
const node = 'node:.*';
/** The first that fits a file is its layer. */
const layers: readonly Layer[] = [
  { files: /^sim\//, mayImport: /^sim\//, libraries: /^seedrandom(\/.*)?$/ },
  { files: /^models\/theory\//, mayImport: /^models\/theory\//, libraries: none },
  { files: /^models\//, mayImport: /^(sim|models)\//, libraries: /^zod$/ },
  { files: /^scenarios\//, mayImport: /^(sim|models|scenarios)\//, libraries: new RegExp(`^(yaml|zod|fast-check|@babel/code-frame|jiti|${node})$`) },
  {
    files: /^reports\//,
    mayImport: /^reports\/|^sim\/(units|histogram)\.ts$/,
    mayImportTypes: /^scenarios\/([a-z-]+-)?result\.ts$/,
    libraries: new RegExp(`^(vega-lite|vega|vega-[a-z-]+|d3-[a-z-]+|esbuild|picocolors|${node})$`),
  },
  { files: /^cli\//, mayImport: /^(sim|models|scenarios|reports|cli)\//, libraries: new RegExp(`^(commander|picocolors|tinypool|${node})$`) },
  { files: /^vitest\//, mayImport: /^(sim|models|scenarios|reports|vitest)\//, libraries: new RegExp(`^(vitest|fast-check|yaml|${node})$`) },
  { files: /^index\.ts$/, mayImport: /^(sim|models|scenarios|reports)\//, libraries: none },
  { files: /^(test|bench|docs)\/|^[^/]+$/, mayImport: /./, libraries: /./ },
];

/** `file imports what`, for each import that the file's layer may not have, and each file that belongs to no layer. */
export function findForeignImports(sources: readonly SourceImports[]): string[] {
  return sources.flatMap(({ file, imports }) => {
    const layer = layers.find(({ files }) => files.test(file));
    if (layer === undefined) return [`${file} belongs to no layer`];
    return imports.filter((one) => !allowed(layer, one)).map(({ to, typeOnly }) => `${file} imports ${typeOnly ? 'types of ' : ''}${to}`);
  });
}

function allowed(layer: Layer, { to, local, typeOnly }: Import): boolean {
  if (!local) return layer.libraries.test(to);
  return layer.mayImport.test(to) || (typeOnly && (layer.mayImportTypes?.test(to) ?? false));
}

/** Each knot of files that import each other, sorted. */
export function findCycles(sources: readonly SourceImports[]): string[][] {
  const next = new Map(sources.map(({ file, imports }) => [file, imports.filter(({ local }) => local).map(({ to }) => to)]));
  const reach = new Map([...next.keys()].map((file) => [file, reachable(next, next.get(file)!)]));
  const seen = new Set<string>();
  const knots: string[][] = [];
  for (const file of next.keys()) {
    if (seen.has(file) || !reach.get(file)!.has(file)) continue;
    const knot = [...reach.get(file)!].filter((other) => reach.get(other)?.has(file));
    for (const other of knot) seen.add(other);
    knots.push(knot.sort());
  }
  return knots;
}

const registries = /^(index|models\/brokers\/index|models\/faults\/index|models\/theory\/index|reports\/panels\/index)\.ts$/;

/** Files that hand on what others export. */
export function findBarrels(sources: readonly SourceImports[]): string[] {
  return sources.filter(({ file, barrel }) => barrel && !registries.test(file)).map(({ file }) => file);
}

export function findUnreached(sources: readonly SourceImports[], entries: readonly string[]): string[] {
  const next = new Map(sources.map(({ file, imports }) => [file, imports.filter(({ local }) => local).map(({ to }) => to)]));
  const reached = reachable(next, entries);
  return [...next.keys()].filter((file) => !reached.has(file));
}

function reachable(next: ReadonlyMap<string, readonly string[]>, from: readonly string[]): Set<string> {
  const found = new Set<string>();
  const open = [...from];
  while (open.length > 0) {
    const file = open.pop()!;
    if (found.has(file)) continue;
    found.add(file);
    open.push(...(next.get(file) ?? []));
  }
  return found;
}
