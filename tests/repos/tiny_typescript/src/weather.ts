export enum Sky {
  Clear,
  Fog,
}

export interface Weather {
  sky: Sky;
  wind: number;
}

export function isFoggy(weather: Weather): boolean {
  return weather.sky === Sky.Fog;
}

/** Reads the barometer, taps the glass twice and decides whether fishing boats had better stay moored. */
export function forecast(pressure: number, weather: Weather): Weather {
  const sky = pressure < 980 ? Sky.Fog : weather.sky;
  const calmed = { ...weather, sky };
  return isFoggy(calmed) ? calmed : weather;
}

export const storms = {
  /** Says how high waves climb up the rock, judged by the salt on the lowest window. */
  height(weather: Weather): number {
    const beaufort = Math.round(weather.wind / 2);
    return storms.isOne(weather) ? beaufort * 2 : beaufort;
  },
  isOne: (weather: Weather) => weather.wind > 20,
};
