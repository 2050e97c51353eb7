/* Where the files of things are, below the folder of artifacts. */

export function runFolder(experimentId: string | number, runId: string): string {
  return `${experimentId}/${runId}/artifacts`;
}

export function loggedModelFolder(experimentId: string | number, modelId: string): string {
  return `${experimentId}/models/${modelId}/artifacts`;
}

export function traceFolder(experimentId: string | number, traceId: string): string {
  return `${experimentId}/traces/${traceId}/artifacts`;
}
