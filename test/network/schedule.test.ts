import fc from "fast-check";
import { expect, it } from "vitest";
import { roundRobin } from "../../src/network/scenario/schedule.ts";

it("everyone meets everyone once, nobody is asked twice in a round, and no round is wasted", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 41 }), (users) => {
      const names = Array.from({ length: users }, (_, i) => `U${i}`);
      const meetings = roundRobin(names);
      const met = new Set(meetings.map(({ alice, bob }) => [alice, bob].sort().join()));
      expect(meetings).toHaveLength((users * (users - 1)) / 2);
      expect(met.size).toBe(meetings.length);
      const rounds = users - 1 + (users % 2);
      for (let round = 1; round <= rounds; round++) {
        const busy = meetings.filter((one) => one.round === round).flatMap(({ alice, bob }) => [alice, bob]);
        expect(busy).toHaveLength(2 * Math.floor(users / 2));
        expect(new Set(busy).size).toBe(busy.length);
      }
    }),
  );
});

it("is the table of four players that Kirkman's circle gives", () => {
  const rounds = roundRobin(["a", "b", "c", "d"]).map(({ alice, bob, round }) => `${round}${alice}${bob}`);
  expect(rounds).toEqual(["1ad", "1bc", "2ac", "2bd", "3ab", "3cd"]);
});
