/**
 * The one pair that a command is about.
 *
 * @module
 */
import { invalid, TwincombError } from "../errors.ts";
import type { NetworkPlan, PlannedLink } from "../network/index.ts";

/**
 * Finds a pair of a plan by its name.
 *
 * @param plan - the network's plan
 * @param name - `--pair`; the first pair that can run when none is given
 * @throws {@link TwincombError} `invalid-input` when there is no such pair, or it cannot run, with the reason
 */
export function choosePair({ links, unlinked }: NetworkPlan, name: string | undefined): PlannedLink {
  const link = name === undefined ? links[0] : links.find(({ pair }) => pair.name === name);
  if (link !== undefined) return link;
  const stuck = name === undefined ? unlinked[0] : unlinked.find((pair) => pair.name === name);
  if (stuck !== undefined) {
    throw new TwincombError("invalid-input", `${stuck.name} cannot run: ${stuck.reason}`, { parameter: "--pair" });
  }
  throw invalid("--pair", name, `one of ${links.map(({ pair }) => pair.name).join(", ")}`);
}
