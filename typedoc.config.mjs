import katex from "@vscode/markdown-it-katex";

/** @type {Partial<import("typedoc").TypeDocOptions>} */
export default {
  name: "twincomb",
  entryPoints: [
    "src/index.ts",
    "src/devices/index.ts",
    "src/protocol/index.ts",
    "src/distillation/index.ts",
    "src/network/index.ts",
  ],
  out: "docs/api",
  tsconfig: "tsconfig.build.json",
  readme: "README.md",
  excludePrivate: true,
  excludeInternal: true,
  validation: { notExported: true, invalidLink: true, notDocumented: true },
  treatWarningsAsErrors: true,
  markdownItLoader(parser) {
    // MathML needs neither a style sheet nor fonts.
    parser.use(katex.default ?? katex, { output: "mathml" });
  },
};
