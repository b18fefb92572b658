/**
 * Sending-or-not-sending twin-field QKD as formulas: settings, expected counts, decoy bounds, key length, optimiser, and
 * the bounds and rivals it is compared with. Pure functions and plain objects; imports no kernel and no Node.
 *
 * @module
 */
export {
  type BitTerm,
  type BoundCalls,
  type CostOptions,
  DEFAULT_FAILURE_PROBABILITY,
  type EpsilonTerm,
  type FailureOptions,
  type KeyAccount,
} from "./account.ts";
export { type AsymptoticRate, asymptoticRate, type OnePhoton, onePhoton } from "./asymptotic.ts";
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
  type PairingCounts,
  pairProbability,
  poolCounts,
  type SampleCounts,
  type SettingPairCount,
  type SliceCounts,
  sliceErrorRate,
  validateCounts,
} from "./counts.ts";
export {
  type BreakEven,
  breakEven,
  type CurveLink,
  type CurveOptions,
  hasFiniteKey,
  linkAt,
  PROTOCOL_NAMES,
  type ProtocolName,
  type RateRow,
  rateCurve,
} from "./curve.ts";
export type { GainWeights, SourceInterval } from "./decoy.ts";
export {
  type Estimate,
  type EstimateSource,
  estimateClasses,
  estimateSource,
  gainsLowerBound,
  untaggedScale,
  type ZComposition,
  zComposition,
} from "./estimate.ts";
export {
  type ExpectedCounts,
  expectedClasses,
  expectedComposition,
  expectedCounts,
  type SettingPairGain,
  type ZGains,
  zGains,
} from "./expected-counts.ts";
export {
  type FreeSettings,
  type OwnSettings,
  settingsFrom,
  symmetricSettings,
} from "./free-settings.ts";
export { type ClickProbabilities, clickProbabilities, gain, type SliceGain, sliceGain } from "./gains.ts";
export {
  DEFAULT_CORRECTION_EFFICIENCY,
  type Forecast,
  type ForecastOptions,
  forecastPaired,
  forecastPlain,
  type KeyBounds,
  type KeyLength,
  type KeyOptions,
  keyLength,
  type Leak,
  type PairedBounds,
  type PairedForecast,
  rawErrorRate,
} from "./key-length.ts";
export { type DetectorModel, type LinkModel, symmetricLink, validateLink } from "./link.ts";
export {
  type AsymptoticOptimum,
  forecastLink,
  type OptimisedSettings,
  type OptimiseOptions,
  optimise,
  optimiseAsymptotic,
  type ProtocolVariant,
} from "./optimise.ts";
export {
  type ExpectedPairing,
  estimatePaired,
  expectedPairing,
  type PairedEstimate,
  type PairingKind,
} from "./pairing.ts";
export { contradiction } from "./plausibility.ts";
export {
  curtyAzumaLo,
  DEFAULT_PAIRING_LENGTH,
  decoyBb84,
  measurementDeviceIndependent,
  modePairing,
  phaseMatching,
  type RivalLink,
  type RivalName,
  type RivalRate,
  rivalRate,
} from "./rivals.ts";
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
