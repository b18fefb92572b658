/**
 * Runs calls in the calling thread. Kept apart, since it brings everything that workers otherwise hold.
 *
 * @module
 */
import type { PoolCall } from "../../engine/pool.ts";
import { throwIfAborted } from "../../errors.ts";
import type { CallName } from "./call-names.ts";
import type { Caller } from "./caller.ts";

/** Runs calls one after the other in this thread, which is busy meanwhile. */
export class LocalCaller implements Caller {
  readonly workers = 1;
  #last: Promise<unknown> = Promise.resolve();

  async run<Result>(name: CallName, args: readonly unknown[], call: PoolCall = {}): Promise<Result> {
    const before = this.#last;
    const result = (async () => {
      await before;
      throwIfAborted(call.signal);
      const { calls } = await import("./calls.ts");
      const control = { report: (value: unknown) => call.onReport?.(value), signal: call.signal };
      return (await calls[name](args as never, control)) as Result;
    })();
    this.#last = result.catch(() => undefined);
    return await result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last;
  }
}
