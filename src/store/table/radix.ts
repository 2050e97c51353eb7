/**
 * Sorts runs by a number each has, in time that grows with their number only: a comparison sort of a hundred
 * thousand would hold up everybody else for a tenth of a second.
 */
export function sortedByNumber(
  keys: Int32Array,
  numbers: Float64Array,
  descending: boolean,
): Int32Array<ArrayBufferLike> {
  const { length } = keys;
  const bits = new Uint32Array(numbers.buffer, numbers.byteOffset, length * 2);
  for (let i = 0; i < length; i++) {
    if (numbers[i] === 0) numbers[i] = 0; // Minus zero is no other number.
    const low = bits[2 * i] ?? 0;
    const high = bits[2 * i + 1] ?? 0;
    // As whole numbers the bits of floats are in order once those of negative ones are turned round.
    const turn = (high & 0x80000000) !== 0 ? 0xffffffff : 0;
    const flip = descending ? 0xffffffff : 0;
    bits[2 * i] = low ^ turn ^ flip;
    bits[2 * i + 1] = high ^ (turn | 0x80000000) ^ flip;
  }
  let order = new Uint32Array(length);
  for (let i = 0; i < length; i++) order[i] = i;
  let other = new Uint32Array(length);
  const counts = new Uint32Array(65_536);
  for (let digit = 0; digit < 4; digit++) {
    const word = digit >> 1;
    const shift = (digit & 1) * 16;
    counts.fill(0);
    for (let i = 0; i < length; i++) {
      const at = ((bits[2 * i + word] ?? 0) >>> shift) & 0xffff;
      counts[at] = (counts[at] ?? 0) + 1;
    }
    const first = length === 0 ? 0 : ((bits[word] ?? 0) >>> shift) & 0xffff;
    if (counts[first] === length) continue; // All are alike here.
    let sum = 0;
    for (let i = 0; i < counts.length; i++) {
      const count = counts[i] ?? 0;
      counts[i] = sum;
      sum += count;
    }
    for (let i = 0; i < length; i++) {
      const index = order[i] ?? 0;
      const at = ((bits[2 * index + word] ?? 0) >>> shift) & 0xffff;
      const place = counts[at] ?? 0;
      other[place] = index;
      counts[at] = place + 1;
    }
    [order, other] = [other, order];
  }
  return Int32Array.from(order, (index) => keys[index] ?? 0);
}
