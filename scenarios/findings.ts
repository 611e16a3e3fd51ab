/** Problems that the settings have, collected by the path of the setting. */
import { find, findSetting, type Located, placeWithin } from './located.ts';
import { errorAt, type Finding, type Path, type Problem, warningAt } from './problem.ts';
import type { Place } from './source.ts';

export class Findings {
  readonly problems: Problem[] = [];
  private readonly root: Located;

  constructor(root: Located) {
    this.root = root;
  }

  error(path: Path, finding: Finding): void {
    this.problems.push(errorAt(this.placeOf(path), path, finding));
  }

  warning(path: Path, finding: Finding): void {
    this.problems.push(warningAt(this.placeOf(path), path, finding));
  }

  /** At some characters of a text. */
  errorWithin(path: Path, from: number, to: number, finding: Finding): void {
    const { node } = find(this.root, path);
    const place = node.kind === 'scalar' ? placeWithin(node, from, to) : this.placeOf(path);
    this.problems.push(errorAt(place, path, finding));
  }

  private placeOf(path: Path): Place {
    const found = findSetting(this.root, path);
    return found.complete && found.node.kind === 'scalar' ? found.node.place : (found.key ?? found.node.place);
  }
}
