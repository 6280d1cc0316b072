/// <reference lib="es2022" />
import { Glaze, dip } from './glaze'

export interface Pot {
  readonly glaze?: Glaze
  height: number
  /** Says whether it holds water. */
  tight(): boolean
}

export type Batch = Pot[]

export enum Cone {
  Low = 1040,
  High = 1280,
}

function heat(cone: Cone): number
function heat(cone: string): number
function heat(cone: Cone | string): number {
  return typeof cone === 'string' ? Cone.Low : cone
}

export const cool = <T extends Pot>(pot: T): T => pot

@sealed
export abstract class Kiln<T extends Pot> {
  private pots: T[] = []

  constructor(readonly cone: Cone, protected size = 4) {}

  abstract light(): void

  @logged('load')
  // one by one
  public async load(...pots: T[]): Promise<void> {
    this.pots.push(...pots)
  }

  fire(): T[] {
    // @ts-expect-error counted elsewhere
    heat(this.cone, this.size)
    return this.pots.map((pot) => cool(pot))
  }

  get full(): boolean { return this.pots.length >= this.size }

  static of = (cone: Cone): Gas => new Gas(cone)
}

class Gas extends Kiln<Pot> {
  light() {
    this.load()
  }
}

// @ts-ignore: the old name
export function burn(pots: Pot[]): Pot[] {
  const kiln = new Gas(Cone.High)
  kiln.load(...pots)
  kiln.light()
  dip(pots[0]!, Glaze.Clear)
  const rest = kiln.fire()
  return rest.map((pot) => cool(pot))
}

export namespace Shelf {
  export function stack(pots: Batch) {
    return pots.length
  }

  export namespace Top {
    export const last = (pots: Batch) => pots.at(-1)
  }
}

declare function sealed(target: unknown): void
declare function logged(name: string): (target: unknown, key: string) => void
