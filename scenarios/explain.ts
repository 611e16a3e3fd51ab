export interface Explanation { readonly message: string }
export function explainMessage(_s: unknown, message: string): Explanation { return { message }; }
export function formatExplanation(e: Explanation, _o: unknown): string { return e.message; }
