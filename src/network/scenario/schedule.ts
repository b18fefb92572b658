/**
 * Rounds in which everyone meets everyone.
 *
 * The circle method (Kirkman, Camb. Dublin Math. J. 2, 191 (1847)): one player stays, the others walk around the table one seat
 * a round, and everyone plays who sits opposite.
 *
 * @module
 */

/** Two users who meet, and when. */
export interface Meeting {
  /** First user. */
  readonly alice: string;
  /** Second user. */
  readonly bob: string;
  /** Round, from 1. */
  readonly round: number;
}

/**
 * A schedule in which everyone meets everyone exactly once and nobody is asked twice in a round: n - 1 rounds of n/2 pairs for an
 * even number of users, n rounds in each of which another one rests for an odd number.
 *
 * @param names - the users
 * @returns the meetings, round by round; within a meeting the one who stands earlier in the list comes first
 */
export function roundRobin(names: readonly string[]): Meeting[] {
  const seats = names.map((_, i) => i);
  // A bye: whoever sits opposite of nobody rests.
  if (seats.length % 2 === 1) seats.push(-1);
  const meetings: Meeting[] = [];
  for (let round = 1; round < seats.length; round++) {
    for (let i = 0; i < seats.length / 2; i++) {
      const [a, b] = [seats[i]!, seats.at(-1 - i)!].sort((x, y) => x - y) as [number, number];
      if (a >= 0) meetings.push({ alice: names[a]!, bob: names[b]!, round });
    }
    seats.splice(1, 0, seats.pop()!);
  }
  return meetings;
}
