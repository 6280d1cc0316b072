export const Cloth = ({ rows }) => (
  <ul>
    {rows.map((row) => <li key={row}>{row}</li>)}
    // shown
  </ul>
)

export default function View(props) {
  return <Cloth rows={props.rows} />
}
