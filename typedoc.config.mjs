import katex from "@vscode/markdown-it-katex";

/** Every `@throws` names the one error class; most files that throw it have no import of it to resolve the name by. */
function resolveErrorClass(app) {
  app.converter.addUnknownSymbolResolver((reference, reflection) => {
    if (reference.symbolReference?.path?.at(-1)?.path !== "TwincombError") return undefined;
    const target = reflection.project.getChildByName("index.TwincombError");
    return target === undefined ? undefined : { target, caption: "TwincombError" };
  });
}

/** @type {Partial<import("typedoc").TypeDocOptions>} */
export default {
  name: "twincomb",
  entryPoints: [
    "src/index.ts",
    "src/kernels/index.ts",
    "src/devices/index.ts",
    "src/protocol/index.ts",
    "src/distillation/index.ts",
    "src/network/index.ts",
    "src/study/index.ts",
    "src/study/folder.ts",
  ],
  plugin: [resolveErrorClass],
  out: "docs/api",
  tsconfig: "tsconfig.build.json",
  readme: "README.md",
  highlightLanguages: [
    "bash",
    "console",
    "html",
    "javascript",
    "json",
    "jsonc",
    "python",
    "sh",
    "sql",
    "ts",
    "tsx",
    "typescript",
  ],
  projectDocuments: [
    "docs/architecture.md",
    "docs/physics.md",
    "docs/validation.md",
    "docs/performance.md",
    "docs/network.md",
    "docs/protocol.md",
    "docs/post-processing.md",
    "docs/reconciliation.md",
    "docs/recorded-clicks.md",
    "docs/study.md",
    "docs/front-ends.md",
    "docs/devices/*.md",
    "docs/dependencies.md",
  ],
  disableSources: true,
  excludePrivate: true,
  excludeInternal: true,
  // Every export; fields of inline objects explain themselves by their names and units.
  requiredToBeDocumented: ["Module", "Variable", "Function", "Class", "Interface", "Method", "Accessor", "TypeAlias"],
  validation: { notExported: true, invalidLink: true, notDocumented: true },
  treatWarningsAsErrors: true,
  markdownItLoader(parser) {
    // MathML needs neither a style sheet nor fonts.
    parser.use(katex.default ?? katex, { output: "mathml" });
  },
};
