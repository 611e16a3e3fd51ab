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

/** A word that fits no line is cut: behind a sign such as = where it has one, else where the line ends. */
function pieces(word: string, room: number): readonly string[] {
  if (word.length <= room) return [word];
  const sign = Math.max(...[...'=/.,:_-'].map((each) => word.lastIndexOf(each, room - 1)));
  const end = sign > 0 ? sign + 1 : room;
  return [word.slice(0, end), ...pieces(word.slice(end), room)];
}
