/** What a top folder may import, besides itself (docs/architecture.md, "Folders"). */
const folders = {
  pipeline: [],
  build: [],
  // build: to compile the team's configuration when it is read.
  adapters: ["pipeline", "build"],
  lambdas: ["pipeline", "adapters"],
  docker: ["pipeline", "adapters"],
  modules: ["pipeline", "build"],
  stacks: ["pipeline", "modules"],
  // Policy, plan, review, image, smoke test: reads what synth wrote, and knows no construct.
  terraform: ["pipeline", "adapters", "docker", "build"],
  // The files of a team's repository.
  project: ["pipeline", "build", "adapters", "terraform"],
  runtime: ["pipeline", "adapters", "lambdas", "docker", "build"],
  exports: ["pipeline", "adapters", "lambdas", "build", "modules", "stacks", "terraform"],
  // The page knows the HTTP API alone.
  web: [],
  cli: ["pipeline", "adapters", "docker", "build", "terraform", "project", "runtime"],
};
const topFolders = [...Object.keys(folders), "bench", "test"];
/** Modules that are plain data and functions, without a construct: what commands know resources by. */
const plainModules = "^modules/(names|dead-letter-queues|playback-keys|stack-order|worker-image)\\.ts$";

/** What a folder of the domain may import, besides itself and the folders at the bottom. */
const bottom = ["schema", "errors", "text", "prices"];
const domain = {
  environment: [],
  ports: ["environment"],
  access: ["ports"],
  media: [],
  encoding: ["media"],
  packaging: ["media", "encoding"],
  captions: ["media", "encoding"],
  attempts: ["ports", "media"],
  "elastic-transcoder": ["ports", "media", "encoding", "packaging", "attempts"],
  recipes: ["media", "encoding", "packaging", "captions", "elastic-transcoder"],
  routing: ["ports", "recipes"],
  uploads: ["routing"],
  configuration: ["ports", "attempts", "elastic-transcoder", "recipes", "routing"],
  events: ["ports", "attempts"],
  jobs: [
    "ports",
    "media",
    "encoding",
    "attempts",
    "elastic-transcoder",
    "recipes",
    "routing",
    "uploads",
    "configuration",
    "events",
  ],
  highlights: ["ports", "media", "encoding", "attempts", "recipes", "configuration", "jobs"],
  responses: ["ports", "access", "attempts", "routing", "uploads", "jobs"],
  videos: ["ports", "access", "attempts", "recipes", "uploads", "jobs"],
  webhooks: ["ports", "configuration", "jobs", "highlights"],
  api: [
    "ports",
    "attempts",
    "recipes",
    "routing",
    "uploads",
    "jobs",
    "responses",
    "videos",
    "configuration",
    "highlights",
  ],
};

const topRules = Object.entries(folders).map(([folder, allowed]) => ({
  name: `${folder}-imports-one-way`,
  comment: `${folder}/ may import ${[folder, ...allowed].join(", ")}. Move the code to the lowest folder that can hold it.`,
  severity: "error",
  from: { path: `^${folder}/` },
  to: {
    path: `^(${topFolders.filter((other) => other !== folder && !allowed.includes(other)).join("|")})/`,
    ...(["terraform", "cli"].includes(folder) ? { pathNot: plainModules } : {}),
  },
}));

const domainRules = [
  ...Object.entries(domain).map(([folder, allowed]) => ({
    name: `pipeline-${folder}-imports-one-way`,
    comment: `pipeline/${folder}/ may import ${[folder, ...allowed, ...bottom].join(", ")}.`,
    severity: "error",
    from: { path: `^pipeline/${folder}/` },
    to: { path: "^pipeline/", pathNot: `^pipeline/(${[folder, ...allowed, ...bottom].join("|")})/` },
  })),
  {
    name: "pipeline-bottom-imports-nothing",
    comment: `${bottom.join(", ")} import nothing of the domain.`,
    severity: "error",
    from: { path: `^pipeline/(${bottom.join("|")})/` },
    to: { path: "^pipeline/", pathNot: `^pipeline/(${bottom.join("|")})/` },
  },
  {
    name: "pipeline-folders-are-known",
    comment: "A new folder of the domain gets its place in .dependency-cruiser.cjs and docs/architecture.md.",
    severity: "error",
    from: { path: "^pipeline/", pathNot: `^pipeline/(${[...Object.keys(domain), ...bottom].join("|")})/` },
    to: {},
  },
];

module.exports = {
  forbidden: [
    ...topRules,
    ...domainRules,
    {
      name: "nothing-imports-the-app",
      comment: "main.ts is the top; reelway.config.ts is read by importModule.",
      severity: "error",
      from: { path: `^(${Object.keys(folders).join("|")})/` },
      to: { path: "^(main|reelway\\.config)\\.ts$" },
    },
    {
      name: "domain-is-pure",
      comment:
        "pipeline/ decides and never acts: no AWS SDK, no CDKTF, no I/O. Hashing, signing, paths and zod are fine.",
      severity: "error",
      from: { path: "^pipeline/" },
      to: {
        dependencyTypesNot: ["local", "type-only", "type-import"],
        pathNot: [
          "^pipeline/",
          "(^|/)node_modules/(zod|standardwebhooks)/",
          "^(node:)?(crypto|path|buffer|util)$",
        ],
      },
    },
    {
      name: "constructs-stay-in-modules",
      comment: "Only constructs, stacks and the app import CDKTF.",
      severity: "error",
      from: { pathNot: "^(exports|modules|stacks|test)/" },
      to: { path: "node_modules/(cdktf|@cdktf|constructs)/" },
    },
    {
      name: "aws-adapters-import-no-build",
      comment: "Functions and the worker bundle adapters/aws/: esbuild and its cache stay out of them.",
      severity: "error",
      from: { path: "^adapters/aws/" },
      to: { path: "^build/" },
    },
    {
      name: "actions-are-loaded-on-demand",
      comment:
        "cli/actions/ is imported dynamically, so that the start of a command does not load the packages of the others.",
      severity: "error",
      from: { path: "^cli/", pathNot: "^cli/actions/" },
      to: { path: "^cli/actions/", dynamic: false, dependencyTypesNot: ["type-only", "type-import"] },
    },
    {
      name: "no-cycles",
      comment:
        "Two files that need each other are one subject. Types that both need are in a file that imports neither.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["reelway-source", "import", "require", "node", "default"],
    },
  },
};
