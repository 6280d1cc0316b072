import type { Pot } from './kiln'

export function Window(props: { pots: Pot[] }) {
  return (
    <ol>
      {props.pots.map((pot, i) => (
        <li key={i}>
          // {pot.height} cm
        </li>
      ))}
    </ol>
  )
}

export const Door = () => <Window pots={[]} />
