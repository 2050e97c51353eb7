/** Where a version of a registered model is on its way to use, in MLflow's words. */
export type Stage = 'None' | 'Staging' | 'Production' | 'Archived';

export const STAGES: readonly Stage[] = ['None', 'Staging', 'Production', 'Archived'];

/** Stages of which a model may have one version at a time, if whoever moves a version there wants it so. */
export const ACTIVE_STAGES: readonly Stage[] = ['Staging', 'Production'];

/** The stage of a name in any case, or null. */
export function stageNamed(name: string): Stage | null {
  return STAGES.find((stage) => stage.toLowerCase() === name.toLowerCase()) ?? null;
}

/** MLflow keeps prompts as registered models with this tag: of the model, and of each version. */
export const PROMPT_TAG = 'mlflow.prompt.is_prompt';

/** Whether the tags of a model or a version say that it is a prompt. */
export function isPrompt(tags: Readonly<Record<string, string>>): boolean {
  return tags[PROMPT_TAG]?.toLowerCase() === 'true';
}
