import { type Signal, spell } from "@/signals/codes";
import { Weather, isFoggy } from "../weather";

export interface Light {
  burn(hours: number): number;
}

export abstract class Burner implements Light {
  protected oil = 40;

  abstract burn(hours: number): number;

  /** Pours another can of petroleum in, wiping away whatever dripped over the brass. */
  refill(cans: number): this {
    const spilled = cans > 3 ? 1 : 0;
    this.oil += cans * 5 - spilled;
    return this;
  }

  isSpent(): boolean {
    return this.oil <= 0;
  }
}

export class Lamp extends Burner {
  #shutter = new Shutter();

  constructor(private readonly range: number, readonly weather?: Weather) {
    super();
  }

  burn(hours: number): number {
    this.oil -= hours * 2;
    return this.oil;
  }

  /**
   * Opens and closes the wooden blinds so that captains can read a whole sentence from afar.
   *
   * @param text what is to be said
   */
  say(text: string): Signal[] {
    const signals = spell(text);
    for (const signal of signals) {
      this.#shutter.move(signal);
    }
    return signals;
  }

  reach(): number {
    return isFoggy(this.weather!) ? this.range / 4 : this.range;
  }
}

export class FogLamp extends Lamp {
  override reach(): number {
    return super.reach() + this.say("fog").length;
  }
}

class Shutter {
  private moved = 0;

  /** Pulls the chain once for something short and thrice for something long. */
  move(signal: Signal): void {
    const pulls = signal === "-" ? 3 : 1;
    this.moved += pulls;
  }
}
