import { expect, test } from 'vitest';
import { UserError } from './errors';

test("an error of another bundle's class is known as one for people", () => {
  const other = Object.assign(new Error('Save it first.'), { name: 'UserError', code: 'not-saved' });
  expect(other instanceof UserError).toBe(true);
  expect(new UserError('a', 'b') instanceof UserError).toBe(true);
});

test.each([[new Error('a bug')], [null], ['UserError'], [{ name: 'UserError', code: 'x' }]])(
  'anything else is not: %s',
  (thrown) => expect(thrown instanceof UserError).toBe(false),
);
