/** Writes with chalk what a thing is and how many there are, cutting long words where the board ends. */
export function label(text, count) {
  const short = text.slice(0, 24);
  return `${count} × ${initials(short)}`;
}

export function initials(text) {
  return text
    .split(" ")
    .map((word) => first(word))
    .join("");
}

export const shout = (parts) => parts.join("").toUpperCase();

export default function (text) {
  return shout([label(text, 1)]);
}

function first(word) {
  return word[0];
}
