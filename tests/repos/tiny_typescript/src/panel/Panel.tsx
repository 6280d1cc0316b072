import { useState } from "react";
import { codes } from "@signals";
import type { Lamp } from "@/signals/lamp";
import { Bulb } from "./Bulb";

interface Props {
  lamp: Lamp;
}

/** Shows tourists behind glass what the machinery upstairs is saying at this very moment. */
export function Panel({ lamp }: Props) {
  const [text, setText] = useState("");
  const signals = codes.spell(text);
  return (
    <section onClick={() => setText(title(signals))}>
      <Bulb on={signals.length > 0} label={title(lamp.say(text))} />
    </section>
  );
}

export const title = (signals: codes.Signal[]): string => {
  const breaths = codes.duration(signals);
  return `${breaths} breaths`;
};
