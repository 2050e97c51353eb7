import { stringOf } from './literals';
import { assignmentsOf, keyword, positionals, readPython, textOf } from './python';

/**
 * The tracking address that a script sets itself, when it is written down in it: `mlflow.set_tracking_uri("…")`
 * or `os.environ["MLFLOW_TRACKING_URI"] = "…"`. The last one counts; null when there is none, or it is computed.
 */
export function findTrackingUri(source: string): string | null {
  // Most scripts set none, and looking for the words is a thousand times cheaper than parsing.
  if (!/set_tracking_uri|MLFLOW_TRACKING_URI/.test(source)) return null;
  const file = readPython(source);
  const found: { readonly at: number; readonly uri: string }[] = [];
  for (const call of file.calls) {
    if (call.name !== 'set_tracking_uri') continue;
    const uri = stringOf(file, keyword(call, 'uri') ?? positionals(call)[0]);
    if (uri !== null) found.push({ at: call.node.from, uri });
  }
  for (const { target, value } of assignmentsOf(file)) {
    if (!/^(os\.)?environ\[\s*["']MLFLOW_TRACKING_URI["']\s*\]$/.test(textOf(file, target))) continue;
    const uri = stringOf(file, value);
    if (uri !== null) found.push({ at: target.from, uri });
  }
  return found.sort((a, b) => a.at - b.at).at(-1)?.uri ?? null;
}
