/** Text in lines of at most `width`, broken at spaces; the first line is indented by `indent`, the others by `hanging`. */
export function wrap(text: string, width: number, indent: number, hanging: number): readonly string[] {
  const lines: string[] = [];
  let line = ' '.repeat(indent);
  let empty = true;
  for (const word of text.split(betweenWords).flatMap((each) => pieces(each, width - Math.max(indent, hanging)))) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = ' '.repeat(hanging);
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line];
}

/** A number stays with its unit, and a sign of comparison with what it compares. */
const betweenWords = /(?<![<>=≤≥])[ \n\t]+(?![<>=≤≥]+\s|(?:%|×|ns|µs|ms|s|min|h)(?!\w))/;

/** A word that fits no line is cut. */
function pieces(word: string, room: number): readonly string[] {
  return Array.from({ length: Math.max(1, Math.ceil(word.length / room)) }, (_, index) => word.slice(index * room, (index + 1) * room));
}
