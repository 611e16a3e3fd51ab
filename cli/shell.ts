/** A command line that a person can paste. */

export function commandLine(words: readonly string[]): string {
  return ['faultline', ...words].map(quoted).join(' ');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll(`'`, `'\\''`)}'`;
}
