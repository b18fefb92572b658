/** The core's samplers against exact laws with 10^7 draws each. */
import { samplerSuite } from "./samplers.shared.ts";

samplerSuite(10_000_000, 0.001);
