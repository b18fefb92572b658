/**
 * Parameter studies: a file says what is varied and what is computed, every point is made from its index, and results
 * come as they are ready. Everything here runs in Node and in browsers; folders of results are in `folder.ts`.
 *
 * @module
 */
export type { ResolvedAxis, Scalar } from "./axes.ts";
export type { Json } from "./canonical.ts";
export type { Computation, Row } from "./computation.ts";
export { type Fingerprint, fingerprint } from "./fingerprint.ts";
export { planStudy, type StudyPlan, type StudyPoint } from "./plan.ts";
export { computeRecord, type StudyRecord } from "./record.ts";
export { runStudy, type StudyProgress, type StudyRunOptions } from "./run-study.ts";
export { parseShard, type Shard, shardFromEnvironment } from "./shard.ts";
export {
  COMPUTATIONS,
  type ComputationKind,
  LARGEST_STUDY,
  parseStudy,
  STUDY_VERSION,
  type Study,
  type StudyAxis,
  studyJsonSchema,
  studySchema,
} from "./study-file.ts";
export type { Subject } from "./subject-path.ts";
export type { KnownResults, Task } from "./tasks.ts";
