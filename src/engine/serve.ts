/**
 * The worker's side of a pool.
 *
 * @module
 */
import { collectBuffers } from "./transfer.ts";
import workerpool from "./workerpool.ts";

/** A method that a worker offers; `report` sends something to the caller before the result. */
export type ServedMethod = (args: never, report: (value: unknown) => void) => unknown;

/**
 * Makes the current worker offer methods. Typed arrays in results and reports are transferred, not copied: a method
 * must not use them afterwards.
 *
 * @param methods - the methods by name
 */
export function serve(methods: Readonly<Record<string, ServedMethod>>): void {
  const report = (value: unknown) => workerpool.workerEmit(parcel(value));
  workerpool.worker(
    Object.fromEntries(
      Object.entries(methods).map(([name, method]) => [
        name,
        async (args: unknown) => parcel(await method(args as never, report)),
      ]),
    ),
  );
}

function parcel(value: unknown): unknown {
  const buffers = collectBuffers(value);
  return buffers.size === 0 ? value : new workerpool.Transfer(value as object, [...buffers]);
}
