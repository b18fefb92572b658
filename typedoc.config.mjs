import katex from "@vscode/markdown-it-katex";

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
  ],
  out: "docs/api",
  tsconfig: "tsconfig.build.json",
  readme: "README.md",
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
