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
  if (/^Missing closing .quote/.test(message)) return { message: 'a quote is never closed', hint: 'a quote inside quotes is written \'\' or \\"' };
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
export const parametersTooDeep = (depth: number): Finding => ({ message: `more than ${depth} parameters refer to one another in a row` });
export const throughParameter = (finding: Finding, parameter: NonNullable<LocatedScalar['parameter']>): Finding => {
  const { line, column } = parameter.usedAt.source.positionOf(parameter.usedAt.start);
  return { ...finding, found: `${finding.found ?? 'the parameter'}, used as $${parameter.name} at ${parameter.usedAt.source.file}:${line}:${column}` };
};
export const extendsWantsFile = (): Finding => ({ message: 'extends names one other scenario file', wanted: 'a path from this file, as in extends: base.yaml' });
export const extendsInACircle = (path: string): Finding => ({ message: `${path} is extended by itself`, hint: 'put what both files share into a third one' });
export const extendsTooDeep = (depth: number): Finding => ({ message: `files extend each other more than ${depth} times` });
export const setWantsEquals = (): Finding => ({ message: 'a setting is path=value', hint: 'as in --set params.load=80/s or --set consumers.payments.prefetch=1' });
export const setWantsPath = (): Finding => ({ message: 'the path cannot be read', wanted: 'names parted by dots', hint: 'only a whole name may stand in double quotes, as in brokers.mq.queues."jobs.dead".lease' });
export const setUnknownName = (name: string, path: Path, near: string | undefined, known: readonly string[]): Finding => ({
  message: `there is no "${name}" in ${path.join('.')}`, wanted: known.length > 0 ? oneOf(known) : 'a name that the file declares', hint: didYouMean(near),
});
export const setIntoValue = (part: string, value: Scalar): Finding => ({ message: `"${part}" leads into a plain value`, found: show(value), hint: 'end the path before it, and give the whole value' });
export const setWantsIndex = (part: string, length: number): Finding => ({
  message: `"${part}" is no position of this list`, wanted: length === 0 ? 'the list is empty' : `a number from 0 to ${length - 1}`, hint: 'to replace the list, end the path before it',
});
export const unknownVariant = (name: string, near: string | undefined, known: readonly string[]): Finding => ({
  message: `the scenario has no variant "${name}"`, wanted: known.length > 0 ? oneOf(known) : 'a name that stands below variants', hint: didYouMean(near),
});

// Files.

export const noFilesHere = (path: string): Finding => ({ message: `${path} cannot be read: this scenario was given as text`, hint: 'load it from a file' });
export const outsideFolder = (path: string, folder: string, needed: string): Finding => ({
  message: `${path} is outside the scenario's folder`, found: needed, wanted: `a file in ${folder}`, hint: `allow its folder with --allow-path ${needed}`,
});
export const noSuchFile = (path: string, near?: string): Finding => ({ message: `there is no file ${path}`, hint: didYouMean(near) ?? 'paths start at the folder of the file that names them' });
export const notAFile = (path: string): Finding => ({ message: `${path} is not a plain file` });
export const unreadable = (path: string, reason: string): Finding => ({ message: `${path} cannot be read`, found: reason });

export const scriptFailed = (reason: string): Finding => ({ message: 'the script failed', found: shorten(reason), wanted: 'a default export that is a scenario, or a function that returns one' });
export const noDefaultExport = (): Finding => ({ message: 'the script has no default export that is a scenario', hint: 'write export default { faultline: 1, … }' });
export const notPlainData = (what: string): Finding => ({ message: `${what} is not plain data`, wanted: 'text, a finite number, true, false, null, a list or an object' });
export const cyclicData = (): Finding => ({ message: 'the object contains itself' });

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
  found: describe(written), wanted: oneOf(options), hint: isNumber(written) && near !== undefined ? `put it in quotes: "${near}"` : didYouMean(near),
});
/** A name that is known from elsewhere. */
export const refused = (written: Located, reason: string): Finding => ({ message: 'this is no kind of its own here', found: describe(written), hint: reason });
export const refusedKey = (key: string, reason: string): Finding => ({ message: `"${key}" is no guarantee of its own here`, hint: reason });
/** YAML makes a number of what looks like one: a version among them. */
const isNumber = (written: Located): boolean => written.kind === 'scalar' && typeof written.value === 'number';
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

// What the parts of a scenario say about each other.

export const missingVersion = (): Finding => ({ message: 'the format version is missing', wanted: 'faultline: 1', hint: 'make "faultline: 1" the first line' });
export const otherVersion = (written: Located): Finding => {
  const version = written.kind === 'scalar' ? written.value : undefined;
  const isNewer = typeof version === 'number' && version > 1;
  return {
    message: isNewer ? 'this file is written for a newer Faultline' : 'there is no such format version',
    found: describe(written), wanted: 'faultline: 1', hint: isNewer ? 'update Faultline to run it' : 'write faultline: 1, without quotes',
  };
};
export const takenName = (name: string): Finding => ({ message: `a broker cannot be called ${name}`, hint: `targets that start with ${name}. are clients; choose another name` });
export const runTooLong = (total: string): Finding => ({ message: 'the whole run is too long', found: total, wanted: 'warm-up, measurement and drain of less than 104 days together' });
export const unknownBroker = (broker: string, near: string | undefined, known: readonly string[]): Finding => ({
  message: `no broker is called "${broker}"`, wanted: known.length === 0 ? 'a broker, of which the file has none' : oneOf(known), hint: didYouMean(near),
});
export const unknownQueue = (queue: string, near: string | undefined, known: readonly string[]): Finding => ({
  message: `no queue is called "${queue}"`, wanted: known.length === 0 ? 'a queue, of which the broker has none' : oneOf(known), hint: didYouMean(near) ?? 'declare it under queues of its broker',
});
export const ownDeadLetter = (queue: string): Finding => ({ message: `the queue "${queue}" is its own dead-letter queue`, hint: 'name another queue, or leave deadLetter out' });
export const deadLetterCircle = (queue: string): Finding => ({ message: `dead letters of "${queue}" come back to it in a circle`, hint: 'a message that always fails then never rests' });
export const overflowNeedsDeadLetter = (): Finding => ({ message: 'there is no dead-letter queue to reject to', hint: 'add deadLetter, or choose reject' });
export const crashNeedsCause = (): Finding => ({ message: 'nothing says at which messages the worker crashes', wanted: 'probability or messages' });
export function onlyWithRabbitmq(field: string): Finding {
  return { message: `${field} says nothing to this broker`, hint: 'only exchanges and queues of a broker of kind rabbitmq look at it' };
}

export const multipleAfterWork = (): Finding => ({ message: 'only what is acknowledged after the work can be acknowledged together', hint: 'write acknowledge: manual, or leave multiple out' });
export const multipleOneByOne = (concurrency: number): Finding => ({
  message: `with ${concurrency} messages in work at a time an acknowledgement of several would cover some that are not done`, hint: 'leave concurrency out, and raise count',
});
export const prefetchBelowMultiple = (prefetch: number, messages: number): Finding => ({
  message: `${messages} are acknowledged together, and the broker sends no more than ${prefetch} before that`, hint: `raise prefetch above ${messages}, or lower multiple.messages`,
});
export const returnedUnheard = (): Finding => ({ message: 'what comes back is not heard of without confirms', hint: 'add confirm: {}' });
export const outboxNeedsConfirm = (): Finding => ({ message: 'without confirms nothing says when a message can leave the outbox', hint: 'add confirm: {}' });
export const needsConfirm = (): Finding => ({ message: 'without confirms no message ever counts as confirmed', hint: 'add confirm: { timeout: 5s }, or leave maxUnconfirmed out' });
export const onDemandNeedsFail = (): Finding => ({
  message: 'what waits in the buffer asks for no connection', hint: 'add unconnected: fail, or say how long these clients wait before they connect again, as in fixed: { delay: 1s }',
});
export const retriesWithoutTime = (): Finding => ({
  message: 'without a connection it would be tried for ever at one instant', hint: 'let retries wait, as in fixed: { delay: 100ms }, or limit their attempts',
});
export const retryNeedsConfirm = (): Finding => ({
  message: 'without confirms nothing would ever be retried but refused connections', hint: 'add confirm: { timeout: 5s }, so that a lost publish is noticed',
});
export const unknownTarget = (target: string, near: string | undefined, known: readonly string[]): Finding => ({
  message: `nothing is called "${target}"`, ...(known.length > 0 && { wanted: oneOf(known) }), hint: didYouMean(near),
});
export const noSuchIndividual = (name: string, index: string, count: number): Finding => ({
  message: `${name} has no number ${index}`, wanted: count === 1 ? `${name}.0, the only one` : `a number from 0 to ${count - 1}`,
});
export const diskHasNoLink = (target: string): Finding => ({ message: `${target} is a disk, and has no network link`, hint: 'name its node' });
export const hasNoDisk = (target: string): Finding => ({ message: `${target} has no disk`, wanted: 'the disk of a node of a broker' });
export const nowhere = (): Finding => ({ message: '"there" is where what a fault waits for happens, and this one waits for nothing', hint: 'give it on instead of a time, or name a node' });
export const onlyOfClients = (kind: string): Finding => ({ message: `${kind} is modelled of connections between clients and brokers`, found: 'a broker on both sides', hint: 'between the nodes of a broker, a partition is what they see of it' });
export const faultCannotStrike = (kind: string, target: string, what: string, fitting: readonly string[]): Finding => ({
  message: `${kind} cannot strike ${target}`, found: `${what === 'broker' || what === 'disk' ? `a ${what}` : what}`, wanted: fitting.map((each) => targetWords[each]).join(', or '),
});
export const noStopInOrder = (target: string): Finding => ({ message: `what ${target} does when it is told to stop is not modelled`, hint: 'kill it instead: kind: crash' });
export const freeSpaceIgnored = (target: string): Finding => ({ message: `what ${target} does when it is full is not modelled`, hint: 'only brokers of kind rabbitmq look at their free space' });
export const wouldBeLedTwice = (queue: string, kind: 'partition' | 'pause', after: string): Finding => ({
  message: `the mirrored queue ${queue} would have two leaders, which is not modelled`,
  hint: kind === 'pause' ? `pause for less than ${after}, or crash or stop the node` : `let the nodes not see each other for less than ${after}, or set cluster_partition_handling: pause_minority`,
});
const targetWords: Readonly<Record<string, string>> = {
  producers: 'producers, as in producers.web', consumers: 'consumers, as in consumers.payments.3', broker: 'a broker, as in orders-mq.0', disk: 'a disk, as in orders-mq.0.disk',
};
export const faultNeedsTrigger = (): Finding => ({ message: 'nothing says when the fault strikes', wanted: 'one of at, rate, on', hint: 'as in at: 2m, rate: 3/h, or on: { after: appended, message: 17 }' });
export const faultHasTriggers = (given: readonly string[]): Finding => ({ message: `the fault strikes ${given.join(' and ')}`, wanted: 'exactly one of at, rate, on', hint: 'write one fault for each' });
export const faultTooLate = (at: string, end: string): Finding => ({
  message: 'the fault never strikes', found: `at ${at}`, wanted: `a time before the measured phase ends, at ${end}`, hint: 'faults are healed before the queues are drained',
});
export const unknownPublisher = (message: string, producers: readonly string[]): Finding => ({
  message: `no publisher has a message called "${message}"`, wanted: producers.length > 0 ? `as in ${producers[0]}.0-17` : 'a message of a producer', hint: 'the 17th message of the first producer of web is web.0-17',
});
export const messageNeedsIndex = (message: string): Finding => ({ message: `"${message}" does not say which one published it`, hint: `write ${message.replace(/-(\d+)$/, '.0-$1')} for a message of the first` });
export const ambiguousTarget = (name: string): Finding => ({ message: `both a producer and a consumer group are called "${name}"`, hint: 'give one of them another name' });
export const unknownObjectiveTarget = (
  name: string, statistic: string, fitting: readonly string[], near: string | undefined, known: readonly string[],
): Finding => ({
  message: fitting.length === 0 ? `${statistic} is one of the whole scenario` : `no ${fitting.map((kind) => objectiveWords[kind]).join(' or ')} is called "${name}"`,
  ...(known.length > 0 && { wanted: oneOf(known) }), hint: didYouMean(near),
});
const objectiveWords: Readonly<Record<string, string>> = { group: 'consumer group', producer: 'producer', queue: 'queue' };
export const nothingArrives = (): Finding => ({ message: 'nothing ever arrives: every rate is 0' });
export const lowAboveHigh = (): Finding => ({ message: 'low is above high', hint: 'swap them' });
export const noStates = (): Finding => ({ message: 'a Markov chain needs a state', hint: 'as in states: { calm: 10/s, busy: 100/s }' });
export const unknownState = (state: string, near: string | undefined, known: readonly string[]): Finding => ({ message: `no state is called "${state}"`, wanted: oneOf(known), hint: didYouMean(near) });

// Recordings.

export const noSuchColumn = (column: string, file: string, near: string | undefined, known: readonly string[]): Finding => ({
  message: `${file} has no column "${column}"`, wanted: oneOf(known), hint: didYouMean(near),
});
export const emptyCsv = (file: string): Finding => ({ message: `${file} has no rows`, wanted: 'a row of column names, and rows of numbers below it' });
export const brokenQuote = (row: number): Finding => ({ message: `a quote that opens in row ${row} is not closed as it should be`, hint: 'a quote inside quotes is written twice' });
export const tooFewFields = (row: number, found: number, wanted: number): Finding => ({
  message: `row ${row} is too short`, found: found === 1 ? '1 field' : `${found} fields`, wanted: `at least ${wanted}`,
});
export const badField = (column: string, row: number, found: string, wanted: string): Finding => ({
  message: `column "${column}", row ${row} is not ${wanted}`, found: `"${shorten(found)}"`, wanted, hint: /^-?\d+,\d+$/.test(found) ? 'write a point for the decimal sign' : undefined,
});
export const unknownUnit = (unit: string): Finding => ({ message: `"${shorten(unit)}" is not a unit of this column`, wanted: 's, ms, us or ns for times, B, kB or KiB for sizes, or nothing' });
export const timesDecrease = (column: string, row: number, found: string): Finding => ({
  message: `column "${column}", row ${row} is earlier than the row before`, found: `"${shorten(found)}"`, wanted: 'times that never decrease', hint: 'sort the file by time',
});

// Settings that people regret.

export const automaticAcknowledgement = (): Finding => ({
  message: 'messages count as handled before anybody has worked on them', hint: 'with acknowledge: after-work a crash of a consumer loses nothing',
});
export const unlimitedPrefetch = (): Finding => ({
  message: 'one worker may take the whole queue into its memory', hint: 'a prefetch of a few times the messages handled during one round trip is enough',
});
export const prefetchBelowConcurrency = (prefetch: number, concurrency: number): Finding => ({
  message: `a worker that holds ${prefetch} at a time never works on ${concurrency}`, hint: `raise prefetch to ${concurrency} at least`,
});
export const leaseBelowMean = (lease: string, time: string, group: string, ahead: number): Finding => ({
  message: 'the lease is shorter than the work', found: lease,
  wanted: `more than ${time}, which ${group} needs on average for ${ahead === 1 ? 'a message' : `the ${ahead} messages that a worker holds`}`,
  hint: 'every message is delivered again while it is still being handled; lower prefetch, or give a longer lease',
});
export const leaseBelowLong = (lease: string, time: string, group: string): Finding => ({
  message: 'the lease is shorter than slow work', found: lease, wanted: `more than ${time}, which about one delivery in a hundred to ${group} needs`, hint: 'lower prefetch, or give a longer lease',
});
export const endlessRedelivery = (queue: string): Finding => ({
  message: 'a message that always fails is delivered for ever', hint: `have ${queue} give it up after some deliveries, and keep it in a dead-letter queue`,
});
export const limitWithoutDeadLetter = (): Finding => ({ message: 'a message that reaches the delivery limit is dropped', hint: 'name a dead-letter queue to keep it' });
export const retriesWithoutIdempotency = (): Finding => ({
  message: 'a publish that is retried takes effect twice', hint: 'add idempotency: { window: 10m } to claim exactly-once-effect',
});
export const effectApartFromRecord = (): Finding => ({ message: 'a crash between the effect and its record lets the effect happen again', hint: 'with atomic: true both are written in one step' });
export const windowBelowRetries = (window: string, horizon: string): Finding => ({
  message: 'the store forgets a message while it may still be published again', found: window, wanted: horizon === 'for ever' ? 'an end to the retries' : `more than ${horizon}, the longest time that retries take`,
  hint: 'widen the window, or limit attempts or deadline of the retries',
});
export const windowBelowLease = (window: string, lease: string): Finding => ({
  message: 'the store forgets a message before its lease ends', found: window, wanted: `more than ${lease}`, hint: 'widen the window',
});
export const publishWithoutConfirm = (): Finding => ({
  message: 'nobody hears whether a message was stored, so at-least-once says nothing about these', hint: 'add confirm: { timeout: 5s }',
});
export const timeoutBelowSync = (timeout: string, interval: string): Finding => ({
  message: 'confirms come later than the producer waits', found: timeout, wanted: `more than ${interval}, after which the broker syncs`, hint: 'nearly every publish ends as unknown; raise the timeout, or sync more often',
});
export const transientQueueCrashes = (): Finding => ({ message: 'the queue is transient, and a fault takes its broker down', hint: 'all that it holds then is lost; make it durable' });
export const nobodyConnects = (): Finding => ({ message: 'this changes nothing: nobody connects to a client', hint: 'refusesConnections is for brokers' });
export const nothingToSlow = (why: string, hint: string): Finding => ({ message: `this changes nothing: ${why}`, hint });
export const priorityIgnored = (queue: string): Finding => ({ message: `this changes nothing: ${queue} has one level of priority`, hint: 'give the queue priorities (x-max-priority of a classic queue of RabbitMQ), or leave it out' });
export const nobodyConsumes = (queue: string): Finding => ({ message: `nobody consumes from ${queue}`, hint: 'subscribe a consumer group, or make it a dead-letter queue' });
export const overload = (queue: string, share: number, rate: string, capacity: string, whenFull?: string): Finding => ({
  message: `more comes to ${queue} than its consumers can handle`, found: `${rate} for a capacity of ${capacity}, a utilisation of ${share === Infinity ? 'infinity' : share.toFixed(2)}`,
  wanted: 'a utilisation below 1', hint: `${whenFull ?? 'its backlog grows as long as the load lasts'}; add workers, or lower the rate`,
});
/** `lost`: the share of the messages that cannot be served, however long the queue is. */
export const fullQueue = (limit: string, overflow: 'drop-head' | 'reject' | 'reject-to-dead-letter', deadLetter: string | undefined, lost: number): string => {
  const away = deadLetter === undefined ? 'drops' : `moves to ${deadLetter}`;
  const done = { 'drop-head': `${away} its oldest message for each that comes`, reject: 'refuses what comes', 'reject-to-dead-letter': `refuses what comes and ${away} it` }[overflow];
  const least = Number((100 * lost).toPrecision(2));
  return `it holds ${limit}, is full most of the time, and then ${done}${least > 0 ? `: at least ${least} % of the messages` : ''}`;
};

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
