/**
 * The worker that runs sessions of pairs.
 *
 * @module
 */
import { serveJobs } from "../engine/jobs.ts";
import type { PairResult } from "./result.ts";
import { runPair } from "./session.ts";
import type { PairJob, PairProgress } from "./simulate.ts";

serveJobs<PairJob, PairProgress, PairResult>(({ scenario, index }, report) =>
  runPair(scenario, index, { onProgress: (stage, fraction) => report({ stage, fraction }) }),
);
