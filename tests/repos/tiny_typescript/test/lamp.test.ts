import { expect, test } from "vitest";
import { Horn, Lamp, codes } from "../src";

/** Tests are no targets, and what they say is looked up like everything else. */
function lit(hours: number): Lamp {
  const lamp = new Lamp(10);
  lamp.burn(hours);
  return lamp;
}

test("a lamp is spent after twenty hours", () => {
  expect(lit(20).isSpent()).toBe(true);
  expect(new Horn(1).say("a")).toEqual(codes.spell("a"));
});
