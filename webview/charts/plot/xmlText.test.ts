import { expect, it } from 'vitest';
import { xmlText } from './xmlText';

it('leaves out what XML cannot write, and nothing else', () => {
  expect(xmlText('a\u0000b\u001b[31mc\ud83d d\uffff')).toBe('ab[31mc d');
  expect(xmlText('tab\there 🦦 <b>é</b>')).toBe('tab\there 🦦 <b>é</b>');
});
