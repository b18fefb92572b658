/**
 * Studies on disk, for Node: folders that hold a plan and its results, merging, export, and jobs for schedulers.
 *
 * @module
 */
export { EXPORT_FORMATS, type ExportFormat, exportTable } from "./export.ts";
export {
  defaultTasks,
  type JobOptions,
  type JobScripts,
  jobScripts,
  SCHEDULERS,
  type Scheduler,
  SLURM_ARRAY_LIMIT,
  slurmArrayLimit,
} from "./job-script.ts";
export { type Merged, mergeResults } from "./merge.ts";
export { type Column, type ColumnType, readTable, type StudyTable, type TableRow } from "./merged-file.ts";
export { openFolder, type PlannedFolder, planFolder, type RunFolder, readStudy } from "./run-folder.ts";
export { type FolderRun, type FolderRunOptions, runInFolder } from "./run-in-folder.ts";
export { placeText, type StudyReportOptions, studyReport } from "./study-report.ts";
export { type FigureSummary, type StudySummary, summarise } from "./summary.ts";
