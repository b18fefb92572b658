/** Runs that several photon-counting tests start from. */
import { kernelModule } from "../../src/kernels/modules.ts";
import type { CountingRun, DetectorRun, SenderRun } from "../../src/kernels/photons.ts";

/** The kernel, compiled once for all tests of a file. */
export const source: WebAssembly.Module = await kernelModule("photons");

/** A sender at the settings of a paired sending-or-not-sending run. */
export function sender(change: Partial<SenderRun> = {}): SenderRun {
  return {
    armTransmittance: 0.02,
    meanPhotonNumbers: [0.49, 0.0005, 0.0002, 0.06, 0.33],
    zWindowProbability: 0.7,
    sendProbability: 0.28,
    decoyProbabilities: [0.1, 0.7, 0.2],
    ...change,
  };
}

/** A detector without memory. */
export function detector(change: Partial<DetectorRun> = {}): DetectorRun {
  return { efficiency: 0.6, noiseProbability: 1e-6, ...change };
}

/** A run with bright arms, so that few slots give many clicks. */
export function brightRun(change: Partial<CountingRun> = {}): CountingRun {
  return {
    pulses: 1_000_000,
    key: [0x2026, 0x1123],
    link: 7,
    alice: sender(),
    bob: sender(),
    left: detector(),
    right: detector(),
    timeline: { slotSeconds: 2e-9, quantumSlotsPerFrame: 1000, referenceSlotsPerFrame: 0, guardSlots: 0 },
    phases: "continuous",
    portFlipProbability: 0,
    drift: {},
    sliceWidthRad: 0.4,
    ...change,
  };
}
