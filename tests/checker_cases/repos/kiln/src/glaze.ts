import type { Pot } from './kiln'

export const enum Glaze { Clear, Celadon }

/**
 * Puts a glaze on.
 *
 * @param pot - what gets it
 */
export function dip(pot: Pot, glaze: Glaze): Pot {
  return { ...pot, glaze }
}

export default class {
  stir() {
    return 1
  }
}
