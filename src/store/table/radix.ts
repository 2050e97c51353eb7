/**
 * The order of numbers, as their places; equals stay as they are. It takes time that grows with their number only: a
 * comparison sort of a hundred thousand would hold up everybody else for a tenth of a second.
 * @param numbers without NaN. It is used up: what is in it afterwards means nothing.
 */
export function sortedPlaces(numbers: Float64Array, descending: boolean): Uint32Array {
  const { length } = numbers;
  const bits = new Uint32Array(numbers.buffer, numbers.byteOffset, length * 2);
  const flip = descending ? 0xffffffff : 0;
  for (let i = 0; i < length; i++) {
    if (numbers[i] === 0) numbers[i] = 0; // Minus zero is no other number.
    const low = bits[2 * i] ?? 0;
    const high = bits[2 * i + 1] ?? 0;
    // As whole numbers the bits of floats are in order once those of negative ones are turned round.
    const turn = (high & 0x80000000) !== 0 ? 0xffffffff : 0;
    bits[2 * i] = low ^ turn ^ flip;
    bits[2 * i + 1] = high ^ (turn | 0x80000000) ^ flip;
  }
  let order = new Uint32Array(length);
  for (let i = 0; i < length; i++) order[i] = i;
  let other = new Uint32Array(length);
  const next = new Uint32Array(0x10000);
  for (let digit = 0; digit < 4; digit++) {
    const word = digit >> 1;
    const shift = (digit & 1) * 16;
    next.fill(0);
    for (let i = 0; i < length; i++) {
      const value = ((bits[2 * i + word] ?? 0) >>> shift) & 0xffff;
      next[value] = (next[value] ?? 0) + 1;
    }
    const some = length === 0 ? 0 : ((bits[word] ?? 0) >>> shift) & 0xffff;
    if (next[some] === length) continue; // All are alike here.
    let sum = 0;
    for (let value = 0; value < 0x10000; value++) {
      const count = next[value] ?? 0;
      next[value] = sum;
      sum += count;
    }
    for (let i = 0; i < length; i++) {
      const place = order[i] ?? 0;
      const value = ((bits[2 * place + word] ?? 0) >>> shift) & 0xffff;
      const at = next[value] ?? 0;
      other[at] = place;
      next[value] = at + 1;
    }
    [order, other] = [other, order];
  }
  return order;
}
