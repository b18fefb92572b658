import { expect, it } from "vitest";
import { checkMonotone } from "./monotone.ts";

it("keys of optimised settings are monotone in pulses, loss, noise and error over the whole input space", () => {
  expect(checkMonotone(1200, 42)).toBeGreaterThan(250);
});
