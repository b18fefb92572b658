// Preloaded into a process: after so many bytes its disk is full, in the middle of a write.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const write = fs.writeSync;
let free = Number(process.env.FREE_BYTES);
fs.writeSync = (file, data, offset, ...rest) => {
  if (typeof offset !== "number" || rest.length > 0) return write(file, data, offset, ...rest);
  const taken = Math.min(data.length - offset, free);
  free -= taken;
  if (taken > 0) return write(file, data, offset, taken);
  throw Object.assign(new Error("ENOSPC: no space left on device, write"), {
    code: "ENOSPC",
    errno: -28,
    syscall: "write",
  });
};
syncBuiltinESMExports();
