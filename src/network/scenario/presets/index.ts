/**
 * All presets by their names.
 *
 * @module
 */
import type { Scenario } from "../scenario.ts";
import { metropolitanTemplate } from "./metropolitan.ts";
import { type PresetOptions, type ScenarioTemplate, templateScenario } from "./template.ts";
import { weimingTemplate } from "./weiming.ts";
import { zhou2023Template } from "./zhou-2023.ts";

/** Templates of all presets, by the name that their scenarios have. */
export const TEMPLATES: Readonly<Record<string, () => ScenarioTemplate>> = {
  weiming: () => weimingTemplate("active"),
  "weiming-plain": () => weimingTemplate("none"),
  metropolitan: metropolitanTemplate,
  "zhou-2023": zhou2023Template,
};

/** All presets as scenarios, by name. */
export const PRESETS: Readonly<Record<string, (options?: PresetOptions) => Scenario>> = Object.fromEntries(
  Object.entries(TEMPLATES).map(([name, template]) => [name, (options) => templateScenario(template(), options)]),
);
