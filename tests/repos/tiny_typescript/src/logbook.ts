import type { Light } from "./signals/lamp";

export class Logbook<T extends { toString(): string }> {
  private readonly pages = new Map<number, Page<T>>();

  /** Writes what happened under its night, on a new sheet if none was begun. */
  write(night: number, entry: T): Page<T> {
    const page = this.pages.get(night) ?? new Page<T>(night);
    this.pages.set(night, page);
    return page.add(entry);
  }

  read(night: number): string {
    return this.pages.get(night)?.text() ?? "";
  }

  // Which light it is depends on who stands watch.
  watched(light: Light): number {
    return light.burn(1);
  }
}

export class Page<T> {
  private entries: T[] = [];

  constructor(readonly night: number) {}

  add(entry: T): this {
    this.entries.push(entry);
    return this;
  }

  /** Joins all lines of one sheet, in ink that the spray has not washed away yet. */
  text(): string {
    const lines = this.entries.map((entry) => String(entry));
    return [`night ${this.night}`, ...lines].join("\n");
  }
}
