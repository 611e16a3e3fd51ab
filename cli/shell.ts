/** A command line that a person can paste, in a clone as well as where the package is installed. */

export function commandLine(words: readonly string[]): string {
  return ['npx', 'faultline', ...words].map(quoted).join(' ');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll(`'`, `'\\''`)}'`;
}
