/** Which group and members an event is about, in one integer; and how large a frame is that says so. */
/** Addresses fit into 31 bits: so many terms are told apart in one, and so many members can a group have. */
export const termsTold = 64;
export const membersMax = 16;

/** Which group an address, or a member's number, is of. */
export function groupOf(address: number): number {
  return Math.floor(address / (termsTold * membersMax * membersMax));
}
export function groupOfMember(who: number): number {
  return Math.floor(who / membersMax);
}

/** Bytes of a frame, and of an entry without its message. */
export const frameBytes = 100;
export const entryBytes = 64;
