/** What zod found wrong, as problems with a place: the likeliest branch of a union, the key itself, the nearest name. */
import type { z } from 'zod';
import { childOf, find, type Located, placeWithin } from './located.ts';
import * as say from './messages.ts';
import { errorAt, type Finding, type Path, type Problem } from './problem.ts';
import { refusalOf } from './refusals.ts';
import { keySetsAt } from './shape.ts';
import { nearest } from './suggest.ts';
import { limits } from './yaml.ts';

type Issue = z.core.$ZodIssue;
type UnionIssue = z.core.$ZodIssueInvalidUnion;

export function problemsOfIssues(issues: readonly Issue[], root: Located): Problem[] {
  const reader = new IssueReader(root);
  for (const issue of issues) {
    if (reader.problems.length >= limits.problemsMax) break;
    reader.read(issue, []);
  }
  return reader.problems;
}

class IssueReader {
  readonly problems: Problem[] = [];
  private readonly root: Located;

  constructor(root: Located) {
    this.root = root;
  }

  /** `before` is the path of the union in which the issue came up. */
  read(issue: Issue, before: Path): void {
    const path = [...before, ...(issue.path as Path)];
    switch (issue.code) {
      case 'unrecognized_keys':
        this.addUnknownKeys(path, issue.keys);
        return;
      case 'invalid_union':
        this.readUnion(issue, path);
        return;
      case 'invalid_key':
        this.addAtKey(path, say.badName(String(path.at(-1)), issue.issues.map((inner) => inner.message)));
        return;
      case 'invalid_element':
        for (const inner of issue.issues) this.read(inner, path);
        return;
      default:
        this.addLeaf(issue, path);
    }
  }

  private addLeaf(issue: Issue, path: Path): void {
    const found = find(this.root, path);
    if (!found.complete && issue.code !== 'custom') {
      this.add(path, say.missingKey(path, say.wantedBy(issue)));
      return;
    }
    const written = found.node;
    const params = issue.code === 'custom' ? (issue.params ?? {}) : {};
    const near = issue.code === 'invalid_value' ? nearestValue(written, issue.values) : undefined;
    const finding = say.badValue(issue, written, params, near);
    const { from, to } = params as { from?: number; to?: number };
    if (from !== undefined && written.kind === 'scalar') {
      this.problems.push(errorAt(placeWithin(written, from, to ?? from + 1), path, finding));
    } else if ((params as { found?: unknown }).found === path.at(-1)) this.addAtKey(path, finding);
    else this.add(path, finding);
  }

  private addUnknownKeys(path: Path, keys: readonly string[]): void {
    const here = find(this.root, path).node;
    // What the loader itself takes out of the file is no part of the schema.
    const known = [...new Set([...keySetsAt(this.root, path).flat(), ...(path.length === 0 ? ['extends'] : [])])];
    const taken = here.kind === 'map' ? known.filter((name) => here.entries.has(name)) : [];
    const free = known.filter((name) => !taken.includes(name));
    for (const key of keys.slice(0, limits.problemsMax)) {
      const refusal = refusalOf([...path, key], key);
      const finding = refusal !== undefined ? say.refusedKey(key, refusal)
        : known.includes(key) ? say.keysExclude(key, taken.filter((name) => name !== key)) : say.unknownKey(key, nearest(key, free), known);
      this.addAtKey([...path, key], finding);
    }
  }

  private readUnion(issue: UnionIssue, path: Path): void {
    const found = find(this.root, path);
    const { options } = issue as { options?: readonly unknown[] };
    const refusal = found.complete && found.node.kind === 'scalar' ? refusalOf(path, found.node.value) : undefined;
    if (!found.complete) this.add(path, say.missingKey(path, options === undefined ? this.wantedAt(issue, path) : say.oneOf(options)));
    else if (refusal !== undefined) this.add(path, say.refused(found.node, refusal));
    else if (options !== undefined) this.add(path, say.badOption(found.node, options, nearestValue(found.node, options)));
    else {
      const branches = flatten(issue);
      const misfits = branches.map((branch) => misfit(branch, found.node));
      const least = Math.min(...misfits);
      const best = branches[misfits.indexOf(least)]!;
      if (least >= otherType) this.add(path, say.fitsNoBranch(found.node, this.wantedAt(issue, path), nearestValue(found.node, valuesIn(branches))));
      else if (least >= otherKeys) this.readOtherKeys(best, branches, found.node, path);
      else for (const inner of best) this.read(inner, path);
    }
  }

  /** No branch has these keys: the unknown ones are told, or, where all are known, which one is missing. */
  private readOtherKeys(best: readonly Issue[], branches: readonly (readonly Issue[])[], node: Located, path: Path): void {
    const missing = branches.map((branch) => branch.filter((issue) => isMissingKey(issue, node)).map((issue) => String(issue.path[0])));
    const wanted = [...new Set(missing.flat())];
    const unknown = best.find((issue) => issue.code === 'unrecognized_keys');
    const isChoice = missing.filter((keys) => keys.length > 0).length > 1;
    if (unknown?.code === 'unrecognized_keys') {
      const known = new Set(keySetsAt(this.root, path).flat());
      const strange = unknown.keys.filter((name) => !known.has(name));
      this.addUnknownKeys(path, strange);
      if (strange.length > 0) return;
    }
    if (isChoice && node.kind === 'map' && node.entries.size === 0) this.add(path, say.emptyChoice(wanted));
    else for (const inner of best) this.read(inner, path);
  }

  private wantedAt(issue: UnionIssue, path: Path): string {
    const branches = flatten(issue);
    const keys = [...new Set(keySetsAt(this.root, path).flat())];
    return say.wantedOfBranches(issue, branches, keys);
  }

  private addAtKey(path: Path, finding: Finding): void {
    const found = find(this.root, path);
    this.problems.push(errorAt(found.key ?? found.node.place, path, finding));
  }

  private add(path: Path, finding: Finding): void {
    const found = find(this.root, path);
    const { node } = found;
    const place = found.complete && (node.kind === 'scalar' || found.key === undefined) ? node.place : (found.key ?? node.place);
    const parameter = found.complete && node.kind === 'scalar' ? node.parameter : undefined;
    this.problems.push(errorAt(place, path, parameter === undefined ? finding : say.throughParameter(finding, parameter)));
  }
}

/** A union in a union is a union; one with a message of its own stays whole. */
function flatten(issue: UnionIssue): (readonly Issue[])[] {
  return issue.errors.flatMap((branch): (readonly Issue[])[] => {
    const [only] = branch;
    const isPlainUnion = branch.length === 1 && only!.code === 'invalid_union' && only!.path.length === 0 && only!.message === 'Invalid input';
    return isPlainUnion ? flatten(only as UnionIssue) : [branch];
  });
}

const otherType = 1000;
const otherKeys = 10;

/** How far `node` is from what a branch wants: another type, another literal, other keys, or only something inside. */
function misfit(branch: readonly Issue[], node: Located): number {
  return branch.reduce((sum, issue) => sum + misfitOf(issue, node), 0);
}

function misfitOf(issue: Issue, node: Located): number {
  if (issue.path.length > 0) return isMissingKey(issue, node) ? otherKeys : 0.01;
  if (issue.code === 'invalid_type') return otherType;
  if (issue.code === 'invalid_value') return otherType;
  if (issue.code === 'invalid_union') return Math.min(otherType, ...issue.errors.map((branch) => misfit(branch, node)));
  if (issue.code === 'unrecognized_keys') return otherKeys * issue.keys.length;
  return 1;
}

function isMissingKey(issue: Issue, node: Located): boolean {
  return issue.path.length > 0 && childOf(node, issue.path[0] as string | number) === undefined;
}

function valuesIn(branches: readonly (readonly Issue[])[]): unknown[] {
  return branches.flatMap((branch) => branch.flatMap((issue) => (issue.code === 'invalid_value' && issue.path.length === 0 ? issue.values : [])));
}

function nearestValue(written: Located, values: readonly unknown[]): string | undefined {
  return written.kind === 'scalar' ? nearest(String(written.value), values.map(String)) : undefined;
}
