/**
 * Sending-or-not-sending twin-field QKD as formulas: settings, expected counts, decoy bounds, key length, optimiser, and
 * the bounds and rivals it is compared with. Pure functions and plain objects; imports no kernel and no Node.
 *
 * @module
 */
export { fibreTransmittance, plob, plobRelative, singleRepeater, takeokaGuhaWilde } from "./capacity.ts";
export {
  type Concentration,
  type ConcentrationForm,
  concentration,
  countLower,
  countUpper,
  expectationLower,
  expectationUpper,
  type JointBound,
  jointExpectation,
  type WeightedCount,
} from "./concentration.ts";
export {
  type ClassCount,
  type CountedSetting,
  type DecoyClasses,
  type DecoyClassName,
  type ObservedCounts,
  pairProbability,
  poolCounts,
  type SampleCounts,
  type SettingPairCount,
  type SliceCounts,
  sliceErrorRate,
  validateCounts,
} from "./counts.ts";
export type { GainWeights, SourceInterval } from "./decoy.ts";
export {
  type Estimate,
  type EstimateSource,
  estimateClasses,
  estimateSource,
  untaggedScale,
  type ZComposition,
  zComposition,
} from "./estimate.ts";
export {
  type ExpectedCounts,
  expectedClasses,
  expectedCounts,
  type SettingPairGain,
  type ZGains,
  zGains,
} from "./expected-counts.ts";
export { type ClickProbabilities, clickProbabilities, gain, type SliceGain, sliceGain } from "./gains.ts";
export {
  type BitTerm,
  DEFAULT_CORRECTION_EFFICIENCY,
  DEFAULT_FAILURE_PROBABILITY,
  type EpsilonTerm,
  type Forecast,
  forecastPlain,
  type KeyAccount,
  type KeyBounds,
  type KeyLength,
  type KeyOptions,
  keyLength,
  type Leak,
  rawErrorRate,
} from "./key-length.ts";
export { type DetectorModel, type LinkModel, symmetricLink, validateLink } from "./link.ts";
export {
  expectedRawErrorRate,
  type FreeSettings,
  forecastPlainLink,
  type OptimisedSettings,
  type OptimiseOptions,
  optimisePlain,
  symmetricSettings,
} from "./optimise.ts";
export {
  extinctionResidue,
  type IntensityIntervals,
  intensityInterval,
  type ProtocolSettings,
  SETTING_NAMES,
  type SettingName,
  settingIntensity,
  settingProbability,
  type UserIntensities,
  type UserProbabilities,
  type UserSettings,
  validateSettings,
  withIntensityAccuracy,
} from "./settings.ts";
export { binaryEntropy } from "./special.ts";
