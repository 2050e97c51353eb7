/** Rows of a CSV or TSV text (RFC 4180), at most so many; `isWhole` is false when there are more. */
export function readDelimited(
  text: string,
  delimiter: string,
  maxRows: number,
): { readonly rows: readonly (readonly string[])[]; readonly isWhole: boolean } {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let quoted = false;
  let index = text.charCodeAt(0) === 0xfeff ? 1 : 0; // A byte order mark is no part of the first name.
  const endRow = () => {
    row.push(field);
    if (row.length > 1 || field !== '') rows.push(row);
    row = [];
    field = '';
  };
  for (; index < text.length; index++) {
    const character = text[index] ?? '';
    if (quoted) {
      if (character !== '"') field += character;
      else if (text[index + 1] === '"') {
        field += '"';
        index++;
      } else quoted = false;
    } else if (character === '"' && field === '') quoted = true;
    else if (character === delimiter) {
      row.push(field);
      field = '';
    } else if (character === '\n') {
      endRow();
      if (rows.length > maxRows) return { rows: rows.slice(0, maxRows), isWhole: false };
    } else if (character !== '\r') field += character;
  }
  endRow();
  return { rows: rows.slice(0, maxRows), isWhole: rows.length <= maxRows };
}
