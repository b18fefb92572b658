/**
 * The worker that computes points.
 *
 * @module
 */
import { serve } from "../engine/serve.ts";
import { computeBlock, POINTS } from "./block.ts";

serve({ [POINTS]: computeBlock });
