/**
 * What a name says of its number. The rule in a sentence: a number is a metric when its name has a word of metrics
 * (loss, accuracy, …) or when a step is printed with it; a number of any other name once it is printed again with
 * another value, or after the first metric with a fraction. Names of things that are no metrics (port, seed,
 * version, size, time, …) never are.
 */
export type NameKind = 'metric' | 'never' | 'unknown';

export const kindOfName = remembered(judgeName);

function judgeName(name: string): NameKind {
  const words = wordsOf(name);
  const last = words.at(-1) ?? '';
  if (words.some((word) => NEVER.has(word)) || CONFIG.has(last)) return 'never';
  if (words.some((word) => METRIC.has(word) || METRIC_END.test(word))) return 'metric';
  return 'unknown';
}

/** As a metric is called: `Val Loss` is `Val_Loss`. Empty when nothing is left. */
export const metricName = remembered(cleanName);

function cleanName(printed: string): string {
  const name = printed
    .trim()
    .replaceAll(/[\s'"]+/g, '_')
    .replaceAll(/[^\p{L}\p{N}_\-./@%+]/gu, '')
    .replaceAll(/^[_\-./]+|[_\-./]+$/g, '')
    .slice(0, 250);
  return name in {} ? '' : name; // `constructor` and the like: names that every object has.
}

/** `valLoss`, `val_loss`, `Val Loss` and `val/loss` are `val` and `loss`. */
function wordsOf(name: string): string[] {
  return name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9\u0080-\uffff]+/)
    .filter((word) => word !== '');
}

const list = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/));

const METRIC =
  list(`loss losses acc accuracy error err auc roc auroc ap map f1 fscore precision recall specificity
  sensitivity perplexity ppl bpb bpc bleu rouge meteor cer wer rmse mse mae mape rmsle r2 iou miou dice jaccard
  psnr ssim lpips fid score reward rewards mcc kappa logloss nll elbo kl entropy ndcg mrr
  silhouette likelihood top1 top5 elo brier ece mfu`);
const METRIC_END =
  /(?:loss|accuracy|error|score|reward|acc1|acc5|acc)$|^(?:m?ap|f|p|r|map|hit|recall|ndcg)\d+$/;

const NEVER = list(`http https port ports host address addr ip url uri path file files line lines dir folder
  version versions ver v python torch cuda cudnn tensorflow numpy seed seeds pid ppid tid id ids uid gid uuid rank
  device devices gpu gpus cpu cpus tpu tpus hpu hpus core cores thread threads worker workers num_workers node nodes
  size sizes shape shapes dim dims width height length len channels classes features samples examples
  bytes kb mb gb memory mem ram disk params parameters param flops trainable
  time times timestamp ts elapsed eta duration date year month day hour hours minute minutes min_time sec secs
  second seconds ms took remaining runtime latency_budget
  status code exit errno signal total count number num n nb idx index batch batches
  epoch epochs step steps iter iters iteration iterations round rounds episode episodes batch_size
  hash sha digest commit checksum hex level page v_num job task retry attempt bins`);

/** The last word of a setting that is called after a metric: `loss_weight`, `score_threshold`. */
const CONFIG =
  list(`weight weights coef coeff coefficient factor scale scaling threshold thresh thr eps epsilon type
  fn func function name patience warmup interval freq frequency every margin target max_target smoothing temperature
  dropout layers heads hidden units depth`);

const MAX_REMEMBERED = 1_000;

/** A script prints few names, again and again. */
function remembered<T>(find: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>();
  return (name) => {
    let found = known.get(name);
    if (found === undefined) {
      found = find(name);
      if (known.size >= MAX_REMEMBERED) known.clear();
      known.set(name, found);
    }
    return found;
  };
}
