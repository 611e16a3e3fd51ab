import { count } from '../numbers.ts';
import { figures, type Panel, table, words } from '../panel.ts';

export const rarePaths: Panel = {
  id: 'rare-paths',
  title: 'Rare paths',
  question: 'Which unusual turns did this run take? A guarantee is only as well tested as the paths that could break it.',
  render(result) {
    const reached = Object.entries(result.reached);
    if (reached.length === 0) return [];
    return [table('Rare paths, and how often each was taken', [words('Path'), figures('Times')], reached.map(([path, times]) => [path, count(times)]))];
  },
};
