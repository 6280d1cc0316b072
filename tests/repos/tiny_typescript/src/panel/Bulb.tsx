type Props = { on: boolean; label: string };

export const Bulb = ({ on, label }: Props) => <b className={classes(on)}>{label}</b>;

/** Chooses between warm yellow and dull grey, as the painter of the model wished. */
function classes(on: boolean): string {
  const colour = on ? "yellow" : "grey";
  return `bulb ${colour}`;
}
