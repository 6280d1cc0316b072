import { Lamp, Horn, codes } from "@signals";
import { Logbook, Page } from "@/logbook";
import * as weather from "./weather";

type Watch = { lamp: Lamp; book: Logbook<string> };

export default class Keeper {
  private readonly watch: Watch;

  constructor(private lamp: Lamp, book = new Logbook<string>()) {
    this.watch = { lamp, book };
  }

  /**
   * Climbs all stairs at dusk, lights the wick and notes it before the tea gets cold.
   */
  evening(): Page<string> {
    const hours = this.lamp.reach() / 2;
    const left = this.lamp.burn(hours);
    return this.note(`lit, ${left} left`);
  }

  night(calls: number): number {
    const horn = new Horn(4);
    horn.refill(1).say("at");
    return codes.duration(codes.Distress.call(calls));
  }

  morning(pressure: number, today: weather.Weather): string {
    const tomorrow = weather.forecast(pressure, today);
    this.watch.lamp.refill(weather.storms.height(tomorrow));
    return this.watch.book.read(1);
  }

  private note(text: string): Page<string> {
    return this.watch.book.write(1, text);
  }

  relieved(by: (keeper: Keeper) => void): void {
    this.note("relieved");
    by(this);
  }

  static async hire(name: string): Promise<Keeper> {
    const lamp = await Promise.resolve(new Lamp(name.length));
    if (!lamp.isSpent()) lamp.refill(2);
    return new Keeper(lamp);
  }
}
