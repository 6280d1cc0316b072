function dos(x) {
  return x
}

module.exports = dos
