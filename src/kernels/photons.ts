/**
 * Photon counting of one pair of users: the typed face of the `photons` kernel.
 *
 * @module
 */
export type {
  CountingProgress,
  CountingRun,
  CountTallies,
  DetectorRun,
  DriftRun,
  EventChunk,
  OrnsteinUhlenbeck,
  PerSetting,
  PhaseEstimator,
  PhaseTrace,
  PhotonCounts,
  RawBits,
  RecoveryPoint,
  SenderRun,
  SettingName,
  SliceCounts,
  TimelineRun,
  TrackingRun,
  XxEvents,
} from "./photons-run.ts";
export { OUTCOME_NAMES, PHASE_UNITS, phaseSlice, SETTING, SETTING_NAMES, sliceHalfWidth } from "./photons-run.ts";
