/** The directions imports may run in (DESIGN, "The house"): a folder sees what is listed, and itself. */
const sees = {
  pipeline: [],
  bundling: [],
  adapters: ["pipeline"],
  lambdas: ["pipeline", "adapters"],
  docker: ["pipeline", "adapters"],
  modules: ["pipeline", "bundling"],
  stacks: ["pipeline", "modules"],
  // How the stacks get onto AWS: policy, plan, review, image. It reads what synth wrote, and knows no construct.
  delivery: ["pipeline", "adapters", "bundling"],
  // The one-machine runtime is the composition: it alone imports handlers and the worker.
  cli: ["pipeline", "adapters", "lambdas", "docker", "bundling", "delivery"],
};
const rooms = [...Object.keys(sees), "bench", "test", "web"];

const directions = Object.entries(sees).map(([room, allowed]) => ({
  name: `${room}-imports-one-way`,
  comment: `${room}/ may import ${[room, ...allowed].join(", ")}; a rule that needs more is in the wrong room.`,
  severity: "error",
  from: { path: `^${room}/` },
  to: { path: `^(${rooms.filter((other) => other !== room && !allowed.includes(other)).join("|")})/` },
}));

module.exports = {
  forbidden: [
    ...directions,
    {
      name: "nothing-imports-the-app",
      comment: "main.ts is the top; only the app and the one-machine runtime read reelway.config.ts.",
      severity: "error",
      from: {
        path: `^(${Object.keys(sees)
          .filter((room) => room !== "cli")
          .join("|")})/`,
      },
      to: { path: "^(main|reelway\\.config)\\.ts$" },
    },
    {
      name: "domain-is-pure",
      comment:
        "pipeline/ decides and never acts: no AWS SDK, no CDKTF, no I/O. Hashing, paths and zod are fine.",
      severity: "error",
      from: { path: "^pipeline/" },
      to: {
        dependencyTypesNot: ["local", "type-only", "type-import"],
        pathNot: ["^pipeline/", "(^|/)node_modules/zod/", "^(node:)?(crypto|path|buffer|util)$"],
      },
    },
    {
      name: "synthesiser-stays-in-modules",
      comment: "Only constructs, stacks and the app know CDKTF.",
      severity: "error",
      from: { pathNot: "^(modules|stacks|test)/|^main\\.ts$" },
      to: { path: "node_modules/(cdktf|@cdktf|constructs)/" },
    },
    {
      name: "no-circles",
      comment: "Two files that need each other are one subject.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only", "type-import"] } },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default"],
    },
  },
};
