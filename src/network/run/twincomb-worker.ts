/**
 * The worker of every engine. The build makes this one file that holds all it needs but the kernels, which it is sent.
 *
 * @module
 */
import { type ServedMethod, serve } from "../../engine/serve.ts";
import { provideKernels } from "../../kernels/modules.ts";
import type { CallMessage } from "./call-names.ts";
import { calls } from "./calls.ts";

serve(
  Object.fromEntries(
    Object.entries(calls).map(([name, call]): [string, ServedMethod] => [
      name,
      ({ args, kernels }: CallMessage, report) => {
        provideKernels(kernels);
        return call(args as never, { report });
      },
    ]),
  ),
);
