/** One message's life for a terminal. */
import pc from 'picocolors';
import type { Explanation } from '../scenarios/result.ts';

/** @param width of the terminal; lines are not broken below 60 columns */
export function formatExplanation(explanation: Explanation, { colour, width }: { colour: boolean; width: number }): string {
  const { bold, dim } = pc.createColors(colour);
  const head = `${bold(explanation.message)} in ${explanation.scenario}, seed ${explanation.seed}`;
  const indent = 17;
  const room = Math.max(60, width) - indent;
  const body = explanation.life.flatMap((line) => {
    const during = line.during.length > 0 ? `  [during ${line.during.join(', ')}]` : '';
    const place = line.where === '' ? '' : `${line.where}: `;
    const [first, ...rest] = wrap(`${place}${line.text}${during}`, room);
    return [`${dim(`${line.at.toFixed(6).padStart(indent - 4)} s`)}  ${first}`, ...rest.map((text) => ' '.repeat(indent) + text)];
  });
  const broke = explanation.broke.map((claim) => `It breaks ${claim}.`);
  return [head, '', ...body, '', ...wrap(explanation.fate, Math.max(60, width)), ...broke].join('\n');
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
