/**
 * Makes the family of codes, from the compiled package (`npm run build` first):
 *
 *     node src/distillation/codes/construct/build.mjs search LEAK   degrees for one leak, printed
 *     node src/distillation/codes/construct/build.mjs lift          designs.ts, measured.ts -> ../catalogue.generated.ts, ../draws.generated.ts
 *     node src/distillation/codes/construct/build.mjs measure ID .. what codes need, printed for measured.ts
 *
 * All choices are drawn from fixed Philox keys, so the same version gives the same files.
 */
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const compiled = (path) => import(new URL(`../../../../dist/distillation/codes/${path}.js`, import.meta.url).href);
const [, , step, ...rest] = process.argv;

if (step === "search") await search(Number(rest[0]));
else if (step === "lift") await lift();
else if (step === "measure") await measure(rest);
else throw new Error("expected search LEAK, lift or measure");

/** Local search around the distribution that the family has at this leak. */
async function search(leak) {
  const { DensityEvolution } = await compiled("construct/density-evolution");
  const { searchDegrees } = await compiled("construct/degree-search");
  const { between } = await compiled("construct/designs");
  const start = new Map(Object.entries(between(leak)).map(([degree, fraction]) => [Number(degree), fraction]));
  const evolution = new DensityEvolution({ kind: "soft", delta: 0.28, largest: 36, offset: 0 }, 100_000, [1, 2]);
  const allowed = [2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 17, 20, 24, 30, 36, 40];
  const show = ({ degrees, qber, efficiency }) =>
    console.log(JSON.stringify({ leak, qber, efficiency, degrees: Object.fromEntries(degrees) }));
  show(searchDegrees(evolution, start, { leak, allowed, maxIterations: 200, trials: 150 }, [3, 4], show));
}

async function lift() {
  const { buildEntry, catalogueModule, drawsModule } = await compiled("construct/build-catalogue");
  const { designs } = await compiled("construct/designs");
  const entries = designs.map(buildEntry);
  for (const { shipped, edgesPerBit, fourCycles, shortLowDegreeCycles } of entries) {
    console.log(
      `| ${shipped.id} | ${shipped.rows} | ${edgesPerBit.toFixed(2)} | ${fourCycles} | ${shortLowDegreeCycles} |`,
    );
  }
  writeFileSync(join(here, "../catalogue.generated.ts"), catalogueModule(entries));
  writeFileSync(join(here, "../draws.generated.ts"), drawsModule(entries));
}

async function measure(ids) {
  const { allCodes } = await compiled("catalogue");
  const { measureNeed } = await compiled("construct/measure");
  for (const code of allCodes.filter(({ id }) => ids.length === 0 || ids.includes(id))) {
    const { efficiency, spread, measured } = await measureNeed(code);
    console.log(`  { id: "${code.id}", efficiency: ${efficiency.toFixed(4)}, spread: ${spread.toFixed(2)} },`);
    for (const { frameBits, efficiency: f, qber, scatter } of measured) {
      console.log(`    n ${frameBits} q ${qber.toPrecision(4)} f ${f.toFixed(4)} +- ${scatter.toFixed(4)}`);
    }
  }
}
