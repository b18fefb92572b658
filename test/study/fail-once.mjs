// Preloaded into every process of a study: the one that is given a certain shard fails, the first time.
import { existsSync, writeFileSync } from "node:fs";

const { FAILING_SHARD, FAILED_MARK } = process.env;
if (process.argv.includes(FAILING_SHARD) && !existsSync(FAILED_MARK)) {
  writeFileSync(FAILED_MARK, "");
  console.error("this machine breaks down");
  process.exit(1);
}
