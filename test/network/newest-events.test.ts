import { describe, expect, it } from "vitest";
import { NewestEvents } from "../../src/network/run/newest-events.ts";

describe("newest events", () => {
  it("keep one of each kind for a reader who is slow, however many come", async () => {
    const events = new NewestEvents<number>();
    for (let i = 0; i < 100_000; i++) events.post(`kind ${i % 3}`, i);
    expect(events.size).toBe(3);
    events.end();
    const read: number[] = [];
    for await (const event of events.read()) read.push(event);
    expect(read).toEqual([99_997, 99_998, 99_999]);
  });

  it("give everything, in order, to a reader who keeps up", async () => {
    const events = new NewestEvents<string>();
    const read: string[] = [];
    const reading = (async () => {
      for await (const event of events.read()) read.push(event);
    })();
    for (const event of ["a", "b", "c", "d"]) {
      events.post("kind", event);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    events.end();
    await reading;
    expect(read).toEqual(["a", "b", "c", "d"]);
  });

  it("reach a reader who was waiting, and end", async () => {
    const events = new NewestEvents<number>();
    const reader = events.read();
    const first = reader.next();
    events.post("x", 1);
    expect(await first).toEqual({ value: 1, done: false });
    const last = reader.next();
    events.end();
    expect(await last).toEqual({ value: undefined, done: true });
  });
});
