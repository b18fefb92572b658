/** What the compiler infers for somebody who uses the package; held by `npm run check:types`. */
import { expectTypeOf } from "vitest";
import {
  type AmplifiedKey,
  amplifyKey,
  type CountingProgress,
  createEngine,
  type Engine,
  type LinkEvent,
  type NetworkEvent,
  type NetworkPlan,
  type NetworkResult,
  type PairResult,
  type PhaseSamples,
  parseScenario,
  type planNetwork,
  provideKernels,
  type RateRow,
  rateCurve,
  type Scenario,
  type SecureSeed,
  type SimulationSeed,
  simulate,
  TwincombError,
  weiming,
} from "../../src/index.ts";

// A scenario comes from a preset or from anything that was parsed.
expectTypeOf(weiming).returns.toEqualTypeOf<Scenario>();
expectTypeOf(parseScenario).parameter(0).toBeUnknown();
expectTypeOf<Scenario["pulses"]>().toBeNumber();
expectTypeOf<Scenario["protocol"]["pairing"]>().toEqualTypeOf<"none" | "active" | "random">();

// A run is awaited or looped over, and both are typed.
const run = simulate(weiming());
expectTypeOf(run).resolves.toEqualTypeOf<NetworkResult>();
expectTypeOf(run[Symbol.asyncIterator]().next()).resolves.toHaveProperty("value");
for await (const event of run) {
  expectTypeOf(event).toEqualTypeOf<NetworkEvent>();
  // The kind of an event says what is in it.
  if (event.type === "plan") expectTypeOf(event.plan).toEqualTypeOf<NetworkPlan>();
  if (event.type === "counts") {
    expectTypeOf(event.slices.accepted).toBeNumber();
    expectTypeOf(event.pair).toBeString();
  }
  if (event.type === "pair") expectTypeOf(event.result).toEqualTypeOf<PairResult>();
  if (event.type === "progress") expectTypeOf(event.secondsLeft).toEqualTypeOf<number | null>();
  if (event.type === "result") expectTypeOf(event.result).toEqualTypeOf<NetworkResult>();
}
expectTypeOf<Extract<NetworkEvent, { type: "phase" }>>().toExtend<LinkEvent>();

// What may be missing says so, and nothing else is optional.
expectTypeOf<PairResult["qberX"]>().toEqualTypeOf<number | null>();
expectTypeOf<PairResult["reason"]>().toEqualTypeOf<string | undefined>();
expectTypeOf<PairResult["status"]>().toEqualTypeOf<"key" | "no-key">();

// An engine's calls take what the direct ones take, and return promises of the same.
const engine = createEngine({ workers: 2, kernels: { photons: new URL("https://example.org/photons.wasm") } });
expectTypeOf(engine).toEqualTypeOf<Engine>();
expectTypeOf(engine).toExtend<AsyncDisposable>();
expectTypeOf(engine.rateCurve).returns.resolves.toEqualTypeOf<RateRow[]>();
expectTypeOf(engine.planNetwork).returns.resolves.toEqualTypeOf<Awaited<ReturnType<typeof planNetwork>>>();
expectTypeOf(engine.rateCurve).parameter(2).toEqualTypeOf<Parameters<typeof rateCurve>[2]>();
expectTypeOf(engine.tracePhase).returns.resolves.toEqualTypeOf<PhaseSamples>();
expectTypeOf(engine.countPhotons)
  .parameter(1)
  .extract<object>()
  .toHaveProperty("onProgress")
  .extract<(progress: never) => void>()
  .parameter(0)
  .toEqualTypeOf<CountingProgress>();

// A key knows whether it is a secret.
declare const simulated: SimulationSeed;
declare const secure: SecureSeed;
const shape = { inputBits: 2, outputBits: 1 };
expectTypeOf(amplifyKey(new Uint8Array(1), simulated, shape)).resolves.toEqualTypeOf<AmplifiedKey<true>>();
expectTypeOf(amplifyKey(new Uint8Array(1), secure, shape)).resolves.toEqualTypeOf<AmplifiedKey<false>>();

// Errors are told apart by their code.
expectTypeOf<TwincombError["code"]>().toEqualTypeOf<
  "invalid-input" | "out-of-memory" | "protocol" | "unsupported" | "worker-failed" | "aborted" | "internal"
>();
expectTypeOf(new TwincombError("aborted", "")).toExtend<Error>();

// @ts-expect-error a preset takes pulses as a number
weiming({ pulses: "1e12" });
// @ts-expect-error protocols have names
rateCurve(["bb85"], [1], { lossDbPerKm: 0, detectorEfficiency: 1, darkCountProbability: 0, misalignment: 0 });
// @ts-expect-error results are not to be changed
(await run).pairs[0]!.secretBits = 1;
// @ts-expect-error there is no such kernel
provideKernels({ photon: "embedded" });
