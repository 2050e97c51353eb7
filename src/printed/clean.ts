const ESCAPES = /\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]P^_X][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[ -~]/g;

/** A frame without colours, movements and the spaces around it. */
export function withoutEscapes(text: string): string {
  return (text.includes('\u001b') ? text.replaceAll(ESCAPES, '') : text).trim();
}

const TIME =
  /^[[(]?(?:\d{4}[-/]\d{1,2}[-/]\d{1,2}(?:[T ]\s?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?(?:Z|[+-]\d{2}:?\d{2})?)?|\d{1,2}:\d{2}:\d{2}(?:[.,]\d+)?|[IWED]\d{4} \d{2}:\d{2}:\d{2}\.\d+)[\])]?[\s,:|-]*/;
const LEVEL = '(?:DEBUG|INFO|WARN(?:ING)?|ERROR|CRITICAL|FATAL|TRACE|NOTICE|SUCCESS)';
const LOGGERS = [
  new RegExp(`^${LEVEL}:[\\w.-]*:\\s*`), // logging's own: "INFO:root:".
  new RegExp(`^\\[?${LEVEL}\\]?\\s*[:|-]?\\s+`, 'i'),
  new RegExp(`^[[(]?[\\w.<>-]+[\\])]?(?::\\d+)?\\s*[-:|]?\\s*[[(]?${LEVEL}[\\])]?\\s*[:|-]?\\s+`),
  /^\d+ [\w./-]+\.py:\d+\]\s*/, // glog's, as absl writes it: "12345 train.py:10] ".
  /^[\w./-]+\.py:\d+\s*[-:|\]]\s*/,
];

/** Whether there may be something: most lines of scripts have nothing in front. */
const PREFIXED = new RegExp(`^[[(]?[\\dIWEDT]|${LEVEL}|\\.py:\\d`, 'i');

/** A line without what loggers put in front: time, name, level, place. */
export function withoutPrefix(line: string): string {
  if (!PREFIXED.test(line)) return line;
  let rest = line;
  for (let i = 0; i < 4; i++) {
    const before = rest;
    rest = rest.replace(TIME, '');
    for (const logger of LOGGERS) rest = rest.replace(logger, '');
    if (rest === before || rest === '') break;
  }
  return rest;
}
