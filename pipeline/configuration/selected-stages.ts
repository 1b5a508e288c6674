/** Name of the one-machine runtime among the stages of the configuration. */
export const localStage = "local";

/** Stages that settings are for; absent: every stage on AWS. */
export type SelectedStages = readonly string[] | undefined;

/** Whether the settings are for the stage. */
export const isSelected = (stages: SelectedStages, stage: string): boolean =>
  stages === undefined ? stage !== localStage : stages.includes(stage);

/** Whether the settings are for a stage on AWS. */
export const isOnAws = (stages: SelectedStages): boolean =>
  stages === undefined || stages.some((stage) => stage !== localStage);
