/** An application that depends on the package as it would be published. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

/** A temporary folder with the application and the installed package. */
export interface PackedApp extends Disposable {
  /** The application's folder. */
  readonly folder: string;
  /** The packed package. */
  readonly tarball: string;
}

/** Packs the package as it is built, and installs it into a new application. */
export function packedApp(): PackedApp {
  const folder = mkdtempSync(join(tmpdir(), "twincomb-app-"));
  const npm = (args: readonly string[], cwd: string) =>
    execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  const [{ filename }] = JSON.parse(
    npm(["pack", "--json", "--ignore-scripts", "--pack-destination", folder], root),
  ) as [{ filename: string }];
  const tarball = join(folder, filename);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "app", private: true, type: "module" }));
  npm(["install", "--no-audit", "--no-fund", "--prefer-offline", "--ignore-scripts", tarball], folder);
  cpSync(join(import.meta.dirname, "app"), join(folder, "src"), { recursive: true });
  mkdirSync(join(folder, "out"));
  return { folder, tarball, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}
