/** Every sentence that is shown about a bad scenario file. */
import type { z } from 'zod';
import type { Located, LocatedScalar, Scalar } from './located.ts';
import type { Finding, Path } from './problem.ts';

// The text of a file.

export const emptyFile = (): Finding => ({
  message: 'the file is empty', wanted: 'a scenario', hint: 'start with "faultline: 1", a name, and a broker with a queue',
});
export const notAMap = (root: Located): Finding => ({
  message: 'a scenario is a map of keys', found: describe(root), hint: 'start with "faultline: 1" on a line of its own',
});
export const fileTooLarge = (bytesMax: number): Finding => ({
  message: `the file is larger than ${bytesMax / 1e6} MB`, hint: 'long lists of numbers belong in a CSV file, as in { recorded: { file: times.csv, column: seconds } }',
});
export const controlCharacter = (code: number): Finding => ({
  message: `the character U+${code.toString(16).toUpperCase().padStart(4, '0')} is not allowed in YAML`, hint: code === 0 ? 'save the file as UTF-8 text' : 'remove it; in a double-quoted string it can be written with a backslash',
});
export const notUtf8 = (hasZeros: boolean): Finding => ({
  message: 'these bytes are not UTF-8', hint: hasZeros ? 'the file looks like UTF-16; save it as UTF-8' : 'save the file as UTF-8',
});
export const indentedTooFar = (columns: number): Finding => ({ message: `the line is indented by ${columns} columns or more`, hint: 'two columns for each level are enough' });
export const nestedTooDeep = (depth: number): Finding => ({ message: `values are nested more than ${depth} levels deep`, hint: 'is a bracket never closed?' });
export const oldYaml = (): Finding => ({ message: 'scenario files are YAML 1.2', found: '%YAML 1.1', hint: 'remove the %YAML line' });
export const textTooLong = (length: number): Finding => ({ message: `the text is longer than ${length} characters` });
export const tooManyValues = (count: number): Finding => ({
  message: `the file has more than ${count} values, counting those that aliases repeat`, hint: 'recorded numbers belong in a CSV file',
});
export const notFinite = (text: string): Finding => ({ message: 'the number is not finite', found: text, wanted: 'a number below 1.8e308' });
export const strangeType = (tag: string | undefined): Finding => ({ message: `values of the type ${tag ?? 'given'} are not used in scenarios`, wanted: 'text, a number, true, false, a list or a map' });
export const reservedName = (name: string): Finding => ({ message: name === '' ? 'a name is empty' : `"${name}" cannot be a name`, hint: 'choose another name' });
export const duplicateKey = (key: string, line: number): Finding => ({ message: `the key "${key}" stands here a second time`, hint: `it is first given in line ${line}` });
export const mergeWantsMaps = (): Finding => ({ message: '<< merges maps', wanted: 'an alias of a map, or a list of such aliases' });
export const unknownAnchor = (name: string, near?: string): Finding => ({ message: `no anchor &${name} comes before this alias`, hint: didYouMean(near && `*${near}`) });
export const cyclicAnchor = (name: string): Finding => ({ message: `the alias *${name} stands inside the value that it names`, hint: 'a scenario cannot contain itself' });

const yamlSentences: Readonly<Record<string, Finding>> = {
  MULTIPLE_DOCS: { message: 'a scenario file holds one document', hint: 'write each scenario into a file of its own and remove the line ---' },
  NON_STRING_KEY: { message: 'a key must be plain text', hint: 'write key: value' },
  TAB_AS_INDENT: { message: 'a tab cannot indent YAML', hint: 'indent with spaces' },
};

export function yamlError(code: string, message: string, around: string): Finding {
  if (message.includes('call stack')) return { message: 'values are nested too deep', hint: 'is a bracket never closed?' };
  const known = yamlSentences[code];
  if (known !== undefined) return known;
  const hint = around.includes('${') ? 'between { } or [ ], put "${name}" in quotes, or write $name' : yamlHints[code];
  return { message: lowerFirst(message), ...(hint !== undefined && { hint }) };
}
const yamlHints: Readonly<Record<string, string>> = {
  BLOCK_AS_IMPLICIT_KEY: 'put a value that contains ": " in quotes, and check the indentation',
  MULTILINE_IMPLICIT_KEY: 'check the indentation of this line and the one before',
  BAD_INDENT: 'keys of one map stand in the same column',
  MISSING_CHAR: 'is a bracket, a quote or a comma missing?',
  BAD_SCALAR_START: 'put the value in quotes',
};
export const yamlWarning = (message: string): Finding => ({ message: lowerFirst(message), hint: 'scenarios need no tags' });

// Parameters, extends, --set.

export const unusedParameter = (name: string): Finding => ({ message: `the parameter "${name}" is used nowhere`, hint: `write $${name} where its value is wanted, or remove it` });
export const unknownParameter = (name: string, near: string | undefined, known: readonly string[]): Finding => ({
  message: `no parameter is called "${name}"`,
  ...(known.length > 0 && { wanted: oneOf(known) }),
  hint: near === undefined ? `give it a value under params, or write $$${name} for a dollar sign` : didYouMean(`$${near}`),
});
export const badReference = (text: string): Finding => ({
  message: 'this is not the name of a parameter', found: text, wanted: '$name or ${name}', hint: 'for a dollar sign write $$; defaults stand under params',
});
export const cyclicParameter = (names: readonly string[]): Finding => ({ message: `parameters refer to each other in a circle: ${names.map((name) => `$${name}`).join(' → ')}` });
export const throughParameter = (finding: Finding, parameter: NonNullable<LocatedScalar['parameter']>): Finding => {
  const { line, column } = parameter.usedAt.source.positionOf(parameter.usedAt.start);
  return { ...finding, found: `${finding.found ?? 'the parameter'}, used as $${parameter.name} at ${parameter.usedAt.source.file}:${line}:${column}` };
};
export const extendsWantsFile = (): Finding => ({ message: 'extends names one other scenario file', wanted: 'a path from this file, as in extends: base.yaml' });
export const extendsInACircle = (path: string): Finding => ({ message: `${path} is extended by itself`, hint: 'put what both files share into a third one' });
export const extendsTooDeep = (depth: number): Finding => ({ message: `files extend each other more than ${depth} times` });
export const setWantsEquals = (): Finding => ({ message: 'a setting is path=value', hint: 'as in --set params.load=80/s or --set consumers.payments.prefetch=1' });
export const setUnknownName = (name: string, path: Path, near: string | undefined, known: readonly string[]): Finding => ({
  message: `there is no "${name}" in ${path.join('.')}`, wanted: known.length > 0 ? oneOf(known) : 'a name that the file declares', hint: didYouMean(near),
});
export const setIntoValue = (part: string, value: Scalar): Finding => ({ message: `"${part}" leads into a plain value`, found: show(value), hint: 'end the path before it, and give the whole value' });
export const setWantsIndex = (part: string, length: number): Finding => ({
  message: `"${part}" is no position of this list`, wanted: length === 0 ? 'the list is empty' : `a number from 0 to ${length - 1}`, hint: 'to replace the list, end the path before it',
});

// Files.

export const noFilesHere = (path: string): Finding => ({ message: `${path} cannot be read: this scenario was given as text`, hint: 'load it from a file' });
export const outsideFolder = (path: string, folder: string, needed: string): Finding => ({
  message: `${path} is outside the scenario's folder`, found: needed, wanted: `a file in ${folder}`, hint: `allow its folder with --allow-path ${needed}`,
});
export const noSuchFile = (path: string, near?: string): Finding => ({ message: `there is no file ${path}`, hint: didYouMean(near) ?? 'paths start at the folder of the file that names them' });
export const notAFile = (path: string): Finding => ({ message: `${path} is not a plain file` });
export const unreadable = (path: string, reason: string): Finding => ({ message: `${path} cannot be read`, found: reason });

// Values that the schema refuses.

export const unknownKey = (key: string, near: string | undefined, known: readonly string[]): Finding => ({
  message: `the key "${shorten(key)}" is not known here`, ...(known.length > 0 && { wanted: oneOf(known) }), hint: didYouMean(near),
});
export const keysExclude = (key: string, others: readonly string[]): Finding => ({
  message: `"${key}" cannot stand beside ${others.map((name) => `"${name}"`).join(', ') || 'the other keys'}`, hint: 'keep only one of them',
});
export const missingKey = (path: Path, wanted: string | undefined): Finding => ({
  message: `"${path.at(-1) ?? ''}" is missing`, ...(wanted !== undefined && { wanted }),
});
export const badName = (name: string, reasons: readonly string[]): Finding => ({ message: reasons[0] ?? 'the name is not allowed', found: shorten(name) });
export const badOption = (written: Located, options: readonly unknown[], near: string | undefined): Finding => ({
  message: options.length === 1 ? 'only one value is known here' : 'the value is not one of those known here',
  found: describe(written), wanted: oneOf(options), hint: didYouMean(near),
});
export const emptyChoice = (keys: readonly string[]): Finding => ({ message: 'one key is wanted here', found: 'an empty map', wanted: oneOf(keys) });

export function fitsNoBranch(written: Located, wanted: string, near: string | undefined): Finding {
  return { message: 'the value does not fit here', found: describe(written), wanted, hint: didYouMean(near) };
}

/** A leaf issue about a value that is there. */
export function badValue(issue: z.core.$ZodIssue, written: Located, params: { hint?: string }, near?: string): Finding {
  const found = describe(written);
  const hint = params.hint ?? didYouMean(near) ?? hintFor(issue, written);
  const wanted = wantedBy(issue);
  const isOwn = issue.code === 'custom' || issue.code === 'invalid_format';
  return { message: isOwn ? issue.message : mismatch(issue), found, wanted: isOwn ? undefined : wanted, hint };
}

function mismatch(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'too_small': return 'the value is too small';
    case 'too_big': return 'the value is too large';
    case 'invalid_value': return 'the value is not one of those known here';
    case 'invalid_type': return 'the value is of another type';
    default: return lowerFirst(issue.message);
  }
}

function hintFor(issue: z.core.$ZodIssue, written: Located): string | undefined {
  if (issue.code !== 'invalid_type' || written.kind !== 'scalar') return undefined;
  if (issue.expected === 'string' && written.value !== null) return `put it in quotes: "${String(written.value)}"`;
  return undefined;
}

/** What an issue asks for, in words. */
export function wantedBy(issue: z.core.$ZodIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type': return typeWord(issue.expected);
    case 'invalid_value': return oneOf(issue.values);
    case 'too_small': return `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unitOf(issue.origin)}`;
    case 'too_big': return `${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${unitOf(issue.origin)}`;
    case 'invalid_union': return issue.message === 'Invalid input' ? undefined : issue.message.replace(' is wanted', '');
    default: return undefined;
  }
}

/** What the branches of a union ask for together. */
export function wantedOfBranches(union: z.core.$ZodIssueInvalidUnion, branches: readonly (readonly z.core.$ZodIssue[])[], keys: readonly string[]): string {
  if (union.message !== 'Invalid input') return union.message.replace(' is wanted', '');
  const wanted = new Set<string>();
  for (const issue of branches.flat()) {
    if (issue.path.length > 0 || issue.code === 'unrecognized_keys' || (issue.code === 'invalid_type' && issue.expected === 'object')) continue;
    wanted.add(issue.code === 'custom' ? issue.message : (wantedBy(issue) ?? ''));
  }
  if (keys.length > 0) wanted.add(`a map with ${oneOf(keys)}`);
  wanted.delete('');
  return [...wanted].join(', or ');
}

function typeWord(expected: string): string {
  const words: Readonly<Record<string, string>> = {
    string: 'text', number: 'a number', int: 'a whole number', boolean: 'true or false', object: 'a map', record: 'a map', array: 'a list', tuple: 'a list',
  };
  return words[expected] ?? expected;
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters';
  return origin === 'array' ? ' entries' : '';
}

// Words that sentences share.

/** At most this many names are listed. */
const listedMax = 24;

export function oneOf(names: readonly unknown[]): string {
  const shown = names.slice(0, listedMax).map((name) => shorten(String(name)));
  const more = names.length - shown.length;
  const list = more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
  return names.length === 1 ? list : `one of ${list}`;
}

export function didYouMean(near: string | undefined): string | undefined {
  return near === undefined || near === '' ? undefined : `did you mean ${near}?`;
}

/** A value as a person would point at it. */
export function describe(node: Located): string {
  if (node.kind === 'list') return node.items.length === 0 ? 'an empty list' : `a list of ${node.items.length}`;
  if (node.kind === 'scalar') return show(node.value);
  return node.entries.size === 0 ? 'an empty map' : `a map with ${[...node.entries.keys()].slice(0, 5).map(shorten).join(', ')}`;
}

function show(value: Scalar): string {
  if (value === null) return 'nothing';
  return typeof value === 'string' ? `"${shorten(value)}"` : String(value);
}

function shorten(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
