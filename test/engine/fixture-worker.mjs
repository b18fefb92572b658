/** A worker with methods that end well, badly, or never. */
import { serve } from "../../dist/engine/serve.js";

serve({
  echo: (args) => args,
  double: ({ values }, report) => {
    report({ begun: values.length });
    const doubled = values.map((value) => 2 * value);
    return { doubled, arrays: [new Uint8Array([1, 2, 3])] };
  },
  crash: () => process.exit(3),
  throwsLater: () => {
    setTimeout(() => {
      throw new Error("a fault nobody catches");
    }, 0);
    return new Promise(() => undefined);
  },
  fail: () => {
    throw Object.assign(new Error("length: expected more, got less"), {
      name: "TwincombError",
      code: "invalid-input",
      parameter: "length",
      expected: "more",
    });
  },
  busy: () => {
    for (;;);
  },
  wait: ({ milliseconds }) => new Promise((resolve) => setTimeout(() => resolve(milliseconds), milliseconds)),
});
