/**
 * The worker that runs sessions of pairs.
 *
 * @module
 */
import { serveJobs } from "../engine/jobs.ts";
import type { PairResult } from "./result.ts";
import { runPair } from "./session.ts";
import type { PairJob, PairProgress } from "./simulate.ts";

serveJobs<PairJob, PairProgress, PairResult>(({ scenario, link }, report) =>
  runPair(scenario, link, { onProgress: (stage, fraction) => report({ stage, fraction }) }),
);
