const SECRETS = new Set([
  'password',
  'passwd',
  'passphrase',
  'pwd',
  'secret',
  'secrets',
  'credential',
  'credentials',
  'apikey',
]);
const KEYS = new Set([
  'api',
  'access',
  'private',
  'secret',
  'auth',
  'ssh',
  'encryption',
  'account',
  'license',
  'signing',
]);
const TOKENS = new Set([
  ...['eos', 'bos', 'pad', 'unk', 'sep', 'cls', 'mask', 'per', 'special', 'start', 'end', 'image', 'decoder'],
]);

/**
 * Whether a param's name looks like that of a password, a token or a key of an API, whose value must not be
 * kept: `hf_token` and `api-key` do, `max_tokens` and `eos_token` do not. The hook has the same rule.
 */
export function looksSecret(name: string): boolean {
  const words = (name.split('.').at(-1) ?? '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
  if (words.some((word) => SECRETS.has(word))) return true;
  const previous = words.at(-2) ?? '';
  const last = words.at(-1);
  if (last === 'token') return !TOKENS.has(previous);
  return (last === 'key' || last === 'keys') && KEYS.has(previous);
}
