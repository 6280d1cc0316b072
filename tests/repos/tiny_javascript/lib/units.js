// Everything is a kilogram until it is sold.

/**
 * Turns what stands on a sack into what the small scale shows,
 * rounding so that the baker never loses.
 */
exports.grams = function (kilograms) {
  const exact = kilograms * 1000;
  const shown = Math.ceil(exact);
  return shown;
};

exports.ounces = function ounces(kilograms) {
  return round(exports.grams(kilograms) / 28.35);
};

exports.hours = (minutes) => round(minutes / 60);

function round(number) {
  return Math.round(number * 100) / 100;
}
