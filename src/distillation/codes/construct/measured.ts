/**
 * What frames of some codes need; codes between them are interpolated. From `build.mjs measure`, rounded up where frames of
 * a second seed failed, see REPORT.md.
 *
 * @module
 */
import type { MeasuredCode } from "./build-catalogue.ts";

/** By kind and rising leak. */
export const measured: readonly MeasuredCode[] = [
  { id: "q0018", efficiency: 1.185, spread: 5.4 },
  { id: "q0037", efficiency: 1.167, spread: 5.4 },
  { id: "q0053", efficiency: 1.184, spread: 5.4 },
  { id: "q0074", efficiency: 1.139, spread: 5.4 },
  { id: "q0138", efficiency: 1.14, spread: 5.4 },
  { id: "q0300", efficiency: 1.105, spread: 7.0 },
  { id: "q0555", efficiency: 1.079, spread: 7.0 },
  { id: "q0780", efficiency: 1.054, spread: 7.0 },
  { id: "q0990", efficiency: 1.0457, spread: 7.0 },
  { id: "q1216", efficiency: 1.0597, spread: 5.0 },
  { id: "q1569", efficiency: 1.0695, spread: 4.53 },
  { id: "q2198", efficiency: 1.0682, spread: 4.49 },
  { id: "q2353", efficiency: 1.0705, spread: 4.26 },
  { id: "q2500", efficiency: 1.0797, spread: 4.1 },
  { id: "q2667", efficiency: 1.0775, spread: 3.9 },
  { id: "q2837", efficiency: 1.0735, spread: 3.7 },
  { id: "q3008", efficiency: 1.069, spread: 3.53 },
  { id: "q3750", efficiency: 1.0742, spread: 3.18 },
  { id: "q4609", efficiency: 1.0742, spread: 3.87 },
  { id: "q5512", efficiency: 1.0885, spread: 2.93 },
  { id: "q6977", efficiency: 1.099, spread: 3.08 },
  { id: "q8984", efficiency: 1.088, spread: 2.7 },
  { id: "f1250", efficiency: 1.53, spread: 4.33 },
  { id: "f2500", efficiency: 1.302, spread: 4.7 },
  { id: "f3750", efficiency: 1.248, spread: 3.45 },
  { id: "f5000", efficiency: 1.165, spread: 4.81 },
  { id: "f6250", efficiency: 1.2156, spread: 2.31 },
  { id: "f7500", efficiency: 1.17, spread: 2.0 },
];
