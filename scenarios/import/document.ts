/** The scenario as YAML that a person goes on with. */
import { Document, isMap, isScalar, isSeq, type Scalar, visit } from 'yaml';
import { formatNote, type Note, type NoteKind } from './notes.ts';
import type { Placeholder, Placeholders } from './placeholders.ts';
import { escaped } from './problems.ts';

export interface ImportedScenario {
  readonly name: string;
  /** Where it comes from, in a sentence. */
  readonly about: string;
  readonly broker: string;
  /** The broker's, as a scenario file has them. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly placeholders: Placeholders;
  readonly notes: readonly Note[];
}

export function scenarioText(scenario: ImportedScenario): string {
  const { name, about, broker, settings, placeholders } = scenario;
  const document = new Document({
    faultline: 1, name, about, phases: { measure: '10m', drain: '5m' },
    brokers: { [broker]: settings }, producers: settingsOf(placeholders.producers), consumers: settingsOf(placeholders.consumers),
  });
  escapeStrings(document);
  writeOnOneLine(document.getIn(['phases']));
  for (const section of ['exchanges', 'queues', 'bindings', 'policies', 'users']) forEachIn(document, ['brokers', broker, section], writeOnOneLine);
  for (const section of ['producers', 'consumers']) forEachIn(document, [section], writeOnOneLine);
  commentOn(document, ['brokers', broker], { nodes: 'complete: the file says neither how many nodes the cluster has nor where its queues live' });
  commentOn(document, [], { producers: 'complete: who publishes, how often, and messages of which size', consumers: 'complete: how many workers, their prefetch, and how long a message takes' });
  for (const section of ['producers', 'consumers'] as const) commentOn(document, [section], Object.fromEntries(placeholders[section].map((each) => [each.name, each.comment])));
  document.commentBefore = headOf(scenario);
  // Whatever has such a character stands in double quotes.
  return document.toString({ lineWidth: 0 }).replace(strange, escaped);
}

function settingsOf(placeholders: readonly Placeholder[]): Record<string, object> {
  return Object.fromEntries(placeholders.map(({ name, settings }) => [name, settings]));
}

const titles: Readonly<Record<NoteKind, string>> = {
  'to-mend': 'Still to be mended:',
  changed: 'Written in another way:',
  'left-out': 'Left out, since a scenario does not have it or the file does not say enough:',
};

function headOf({ about, notes }: ImportedScenario): string {
  const sections = (['to-mend', 'changed', 'left-out'] as const).flatMap((kind) => {
    const lines = notes.filter((note) => note.kind === kind).map((note) => ` - ${formatNote(note)}`);
    return lines.length === 0 ? [] : [' ', ` ${titles[kind]}`, ...lines];
  });
  return [` ${about}`, ' Complete what is marked "complete": definitions say nothing of producers, consumers and times.', ...sections].join('\n');
}

/** Characters that YAML files may not hold, or that break lines for some readers. */
const strange = /[\u007f-\u009f\u2028\u2029\ufeff]/g;
/** A dollar sign that would begin a parameter. */
const dollar = /\$(?=[${A-Za-z_])/g;

function escapeStrings(document: Document): void {
  visit(document, {
    Scalar: (_, node) => {
      if (typeof node.value === 'string' && /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]/.test(node.value)) node.type = 'QUOTE_DOUBLE';
    },
    Pair: (_, { value }) => {
      if (isScalar(value) && typeof value.value === 'string') value.value = value.value.replace(dollar, '$$$$');
    },
  });
}

function writeOnOneLine(node: unknown): void {
  if (isMap(node) || isSeq(node)) node.flow = true;
}

function forEachIn(document: Document, path: readonly string[], action: (node: unknown) => void): void {
  const section = document.getIn(path);
  if (isSeq(section)) section.items.forEach(action);
  else if (isMap(section)) for (const { value } of section.items) action(value);
}

function commentOn(document: Document, path: readonly string[], comments: Readonly<Record<string, string | undefined>>): void {
  const map = path.length === 0 ? document.contents : document.getIn(path);
  if (!isMap<Scalar<string>>(map)) return;
  for (const { key } of map.items) {
    const comment = comments[key.value];
    if (comment !== undefined) key.commentBefore = ` ${comment}`;
  }
}
