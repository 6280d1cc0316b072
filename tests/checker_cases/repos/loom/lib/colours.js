// @ts-check

const names = {
  plain(row) {
    return row
  },

  // loud
  tint: function (row) {
    return row.toUpperCase()
  },
}

module.exports = names
