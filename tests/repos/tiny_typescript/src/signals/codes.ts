export type Signal = "." | "-";

const TABLE: Record<string, Signal[]> = { e: ["."], t: ["-"], a: [".", "-"] };

/**
 * Looks every letter up in the little green book, skipping those which no sailor ever learnt.
 */
export const spell = (text: string): Signal[] => {
  const letters = Array.from(text.toLowerCase());
  return letters.flatMap((letter) => signalsOf(letter));
};

function signalsOf(letter: string): Signal[] {
  return TABLE[letter] ?? [];
}

export function duration(signals: Signal[]): number;
export function duration(signals: string): number;
/** Counts how many breaths it takes until the last flash of a message has gone out. */
export function duration(signals: Signal[] | string): number {
  const flashes = typeof signals === "string" ? spell(signals) : signals;
  return flashes.reduce((sum, flash) => sum + (flash === "-" ? 3 : 1), 0);
}

export namespace Distress {
  export const WORD = "aeta";

  /** Repeats the call for help until somebody on a passing steamer answers with a whistle. */
  export function call(times: number): Signal[] {
    const once = spell(WORD);
    const all = Array.from({ length: times }, () => once);
    return all.flat();
  }
}
