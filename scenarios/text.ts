/** Bytes of a file as text. */

export interface Decoded {
  readonly text: string;
  /** Offset in the text of the first bytes that are not UTF-8. */
  readonly badAt?: number;
}

export function decodeText(bytes: Uint8Array): Decoded {
  const text = new TextDecoder('utf-8').decode(bytes);
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return { text, ...firstBadAt(bytes, text, hasMark ? 3 : 0) };
}

/** The decoder puts U+FFFD for what it cannot read; where the file does not hold that character itself, the bytes are bad. */
function firstBadAt(bytes: Uint8Array, text: string, firstByte: number): { badAt?: number } {
  const encoder = new TextEncoder();
  let byte = firstByte;
  let done = 0;
  for (let at = text.indexOf('\uFFFD'); at !== -1; at = text.indexOf('\uFFFD', at + 1)) {
    byte += encoder.encode(text.slice(done, at)).length;
    if (bytes[byte] !== 0xef || bytes[byte + 1] !== 0xbf || bytes[byte + 2] !== 0xbd) return { badAt: at };
    done = at;
  }
  return {};
}
