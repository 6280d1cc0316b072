// The brace below is never closed.

/** Weighs flour sacks twice, because the miller cannot be trusted in autumn. */
function weighTwice(sack) {
  const first = sack.weight;
  const second = sack.weight;
  return Math.min(first, second;
}

module.exports = weighTwice;
