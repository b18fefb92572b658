/** The benchmark page: a table that fills as tasks are measured. */
import { createEngine } from "twincomb/engine";
import { measure } from "./tasks.ts";

const rows = document.getElementById("rows") as HTMLTableSectionElement;
const status = document.getElementById("status")!;
const engine = createEngine({ workers: 1 });

try {
  const speeds = await measure(engine, ({ name, rate, unit }) => {
    const row = rows.insertRow();
    row.append(Object.assign(document.createElement("th"), { textContent: name, scope: "row" }));
    row.insertCell().textContent = rate.toPrecision(3);
    row.insertCell().textContent = unit;
  });
  status.textContent = "Done.";
  document.documentElement.dataset["speeds"] = JSON.stringify(speeds);
} catch (error) {
  status.textContent = `Something failed: ${String(error)}`;
} finally {
  await engine[Symbol.asyncDispose]();
}
