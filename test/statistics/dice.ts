import { PhiloxStream, PURPOSE, philoxKey } from "../../src/random.ts";

/** Numbers of the textbook laws, for predictions; nothing of the product draws from here. */
export class Dice {
  readonly #stream: PhiloxStream;

  constructor(seed: string) {
    this.#stream = new PhiloxStream(philoxKey(seed), PURPOSE.deviceNoise, 0);
  }

  /** Standard normal, after Box and Muller. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.#stream.uniform()));
    return radius * Math.cos(2 * Math.PI * this.#stream.uniform());
  }

  /** Poisson: by its definition as arrivals for small means, as a rounded normal for large ones. */
  poisson(mean: number): number {
    if (mean > 200) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
    let count = -1;
    for (let waited = 0; waited < mean; count++) waited -= Math.log(1 - this.#stream.uniform());
    return Math.max(0, count);
  }

  /** Binomial: trial by trial for few trials, as a rounded normal or a Poisson number for many. */
  binomial(trials: number, probability: number): number {
    if (trials < 200) {
      let hits = 0;
      for (let i = 0; i < trials; i++) if (this.#stream.uniform() < probability) hits++;
      return hits;
    }
    const mean = trials * probability;
    if (mean < 200 && probability < 0.1) return Math.min(trials, this.poisson(mean));
    return Math.min(trials, Math.max(0, Math.round(mean + Math.sqrt(mean * (1 - probability)) * this.normal())));
  }

  /** Hypergeometric: marked ones among so many drawn from a population; Poisson where they are few, else a rounded normal. */
  hypergeometric(population: number, marked: number, drawn: number): number {
    const share = marked / population;
    const mean = drawn * share;
    if (mean < 200) return Math.min(marked, drawn, this.poisson(mean));
    const variance = mean * (1 - share) * ((population - drawn) / (population - 1));
    return Math.round(Math.min(marked, drawn, mean + Math.sqrt(variance) * this.normal()));
  }
}
