#!/usr/bin/env node
/**
 * The command `twincomb`.
 *
 * @module
 */
import { Command, CommanderError } from "commander";
import { VERSION } from "../version.ts";
import { addAmplify } from "./commands/amplify.ts";
import { addCount } from "./commands/count.ts";
import { addDeviceCommands } from "./commands/devices.ts";
import { addDistill } from "./commands/distill.ts";
import { addKey } from "./commands/key.ts";
import { addNetwork } from "./commands/network.ts";
import { addRate } from "./commands/rate.ts";
import { addReconcile } from "./commands/reconcile.ts";
import { addReport } from "./commands/report.ts";
import { addScenarioCommands } from "./commands/scenario.ts";
import { addStudy } from "./commands/study.ts";
import { addTolerance } from "./commands/tolerance.ts";
import { EXIT, fail } from "./output.ts";

const program = new Command("twincomb")
  .description("Twin-field quantum key distribution networks seeded by a microcomb, from comb noise to identical keys")
  .version(VERSION)
  .showHelpAfterError('(run "twincomb help" for all commands)')
  .exitOverride();
addNetwork(program);
addCount(program);
addKey(program);
addDistill(program);
addRate(program);
addTolerance(program);
addReport(program);
addReconcile(program);
addAmplify(program);
addDeviceCommands(program);
addScenarioCommands(program);
addStudy(program);

// A reader that has seen enough, such as `head`, closes the pipe.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(EXIT.ok);
});

try {
  await program.parseAsync();
} catch (error) {
  // Commander has already said what was wrong with the words of the call.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  else fail(error);
}
