/** JSON has no NaN and no infinity: on the wire they are these strings (as protobuf's JSON has them). */
export type WireNumber = number | 'NaN' | 'Infinity' | '-Infinity';

export function toWire(value: number): WireNumber {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Infinity) return 'Infinity';
  if (value === -Infinity) return '-Infinity';
  return value;
}

/** For `JSON.stringify(body, numbersToWire)`: keeps NaN and the infinities, which JSON would turn into null. */
export function numbersToWire(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? toWire(value) : value;
}
