import { readFile, writeFile } from "node:fs/promises";
import {
  CreateJobCommand,
  type CreateJobCommandInput,
  CreatePipelineCommand,
  type CreatePipelineCommandInput,
  CreatePresetCommand,
  type CreatePresetCommandInput,
  ReadJobCommand,
  ReadPipelineCommand,
  ReadPresetCommand,
  TestRoleCommand,
  type TestRoleCommandInput,
  UpdatePipelineCommand,
  type UpdatePipelineCommandInput,
  UpdatePipelineNotificationsCommand,
  type UpdatePipelineNotificationsCommandInput,
  UpdatePipelineStatusCommand,
  type UpdatePipelineStatusCommandInput,
} from "@aws-sdk/client-elastic-transcoder";
import { expect } from "chai";
import { failure } from "../lambdas/transcoder-api/failure.ts";
import { type Service, startService } from "../lambdas/transcoder-api/service.ts";
import { conformanceDocument, type FieldFinding } from "./document.ts";
import { operations } from "./operations.ts";
import { recorded, replaced } from "./recorded.ts";
import { fullRequests, plainJob } from "./requests.ts";
import { collectFields, requestFields, withField } from "./sdk-fields.ts";

const page = new URL("../../docs/elastic-transcoder.md", import.meta.url);

describe("conformance of the transcoder API", () => {
  let service: Service;
  const findings: FieldFinding[] = [];
  before(async () => {
    service = await startService();
  });
  after(() => service.close());

  /** Sends a request and returns the resource as the service shows it afterwards. */
  const act: Readonly<Record<string, (request: object) => Promise<unknown>>> = {
    async CreateJob(request) {
      const { Job } = await service.client().send(new CreateJobCommand(request as CreateJobCommandInput));
      return (await service.client().send(new ReadJobCommand({ Id: Job?.Id }))).Job;
    },
    async CreatePipeline(request) {
      const input = request as CreatePipelineCommandInput;
      const { Pipeline } = await service.client().send(new CreatePipelineCommand(input));
      return (await service.client().send(new ReadPipelineCommand({ Id: Pipeline?.Id }))).Pipeline;
    },
    async UpdatePipeline(request) {
      const input = request as UpdatePipelineCommandInput;
      return (await service.client().send(new UpdatePipelineCommand(input))).Pipeline;
    },
    async UpdatePipelineNotifications(request) {
      const input = request as UpdatePipelineNotificationsCommandInput;
      return (await service.client().send(new UpdatePipelineNotificationsCommand(input))).Pipeline;
    },
    async UpdatePipelineStatus(request) {
      const input = request as UpdatePipelineStatusCommandInput;
      return (await service.client().send(new UpdatePipelineStatusCommand(input))).Pipeline;
    },
    async CreatePreset(request) {
      const input = request as CreatePresetCommandInput;
      const { Preset } = await service.client().send(new CreatePresetCommand(input));
      return (await service.client().send(new ReadPresetCommand({ Id: Preset?.Id }))).Preset;
    },
    async TestRole(request) {
      await service.client().send(new TestRoleCommand(request as TestRoleCommandInput));
      return request;
    },
  };

  /** How a field of a full request is treated: legacy forms of a job are reported in the new form. */
  const buildFinding = (operation: string, field: string): FieldFinding => {
    const single = field.replace(/^Inputs\[\]/, "Input").replace(/^Outputs\[\]/, "Output");
    const recordedConstraint = recorded[single];
    if (recordedConstraint !== undefined)
      return { operation, field, treatment: "recorded only", constraint: recordedConstraint };
    if (operation === "TestRole")
      return {
        operation,
        field,
        treatment: "supported",
        constraint: "its form is checked; no role is tried",
      };
    const replacement = Object.entries(replaced).find(([prefix]) => single.startsWith(prefix));
    return { operation, field, treatment: "supported", constraint: replacement?.[1] ?? "" };
  };

  for (const [operation, requests] of Object.entries(fullRequests)) {
    it(`returns every accepted field of ${operation}`, async () => {
      for (const request of requests) {
        const returned = collectFields(await act[operation]?.(request));
        for (const [field, value] of collectFields(request)) {
          const single = field.replace(/^Inputs\[\]/, "Input").replace(/^Outputs\[\]/, "Output");
          if (Object.keys(replaced).some((prefix) => single.startsWith(prefix))) continue;
          expect(returned.get(field), field).to.equal(value);
        }
      }
    });

    const sentFields = new Set(requests.flatMap((request) => [...collectFields(request).keys()]));
    /** Keys of a map are the caller's own. */
    const held = (field: string) =>
      sentFields.has(field) || [...sentFields].some((one) => one.startsWith(`${field}.`));
    for (const field of requestFields(operation)) {
      if (held(field)) {
        findings.push(buildFinding(operation, field));
        continue;
      }
      it(`rejects ${field} of ${operation}`, async () => {
        const plain = operation === "CreateJob" ? plainJob : requests[0];
        const plural = field.replace(/^Input\./, "Inputs[].").replace(/^Output\./, "Outputs[].");
        const refused = await failure(
          act[operation]?.(withField(plain ?? {}, plural, "x")) ?? Promise.reject(),
        );
        expect(refused.name).to.equal("ValidationException");
        const named = /'([\w.]+)'/.exec(refused.message)?.[1] ?? "";
        expect(plural.replaceAll("[]", ".0")).to.satisfy((path: string) => path.startsWith(named));
        const constraint = /constraint: (.*?); omit the field/.exec(refused.message)?.[1] ?? "";
        expect(constraint).to.match(/: not supported by this service$/);
        findings.push({ operation, field, treatment: "refused", constraint });
      });
    }
  }

  it("covers every request of the SDK that has a body", () => {
    const bodies = operations.filter(([, route]) => /^(POST|PUT)/.test(route)).map(([name]) => name);
    expect(Object.keys(fullRequests)).to.have.members(bodies);
  });

  it("is described by the generated page", async () => {
    const order = new Map(
      Object.keys(fullRequests).flatMap((operation) =>
        requestFields(operation).map((field, index) => [`${operation} ${field}`, index] as const),
      ),
    );
    const names = Object.keys(fullRequests);
    const locate = ({ operation, field }: FieldFinding) =>
      names.indexOf(operation) * 1000 + (order.get(`${operation} ${field}`) ?? 0);
    const text = conformanceDocument([...findings].sort((a, b) => locate(a) - locate(b)));
    if (process.env.UPDATE_SNAPSHOTS === "1") await writeFile(page, text);
    expect(await readFile(page, "utf8"), "UPDATE_SNAPSHOTS=1 writes it").to.equal(text);
  });
});
